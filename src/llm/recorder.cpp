#include <optional>
#include <utility>

#include "oe/llm/tape.hpp"
#include "oe/sys/file.hpp"

namespace oe::llm {

namespace {

class FileRecorder final : public Recorder {
 public:
  FileRecorder(std::filesystem::path path, std::function<std::string(std::string)> mask)
      : path_(std::move(path)), mask_(std::move(mask)) {}

  Result<void> record(const Call& call) override {
    std::string line = to_json_line(call);
    if (mask_) line = mask_(std::move(line));
    OE_CHECK(open());
    return file_->append(line + '\n');
  }

 private:
  Result<void> open() {
    if (file_) return {};
    OE_CHECK(sys::make_directories(path_.parent_path()));
    OE_TRY(sys::AppendFile file, sys::AppendFile::open(path_));
    file_.emplace(std::move(file));
    return {};
  }

  std::filesystem::path path_;
  std::function<std::string(std::string)> mask_;
  std::optional<sys::AppendFile> file_;
};

}  // namespace

std::shared_ptr<Recorder> open_recorder(const std::filesystem::path& file,
                                        std::function<std::string(std::string)> mask) {
  return std::make_shared<FileRecorder>(file, std::move(mask));
}

}  // namespace oe::llm
