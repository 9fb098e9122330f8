#include "hooks/index_reader.hpp"

#include <algorithm>

#include "oe/base/text.hpp"

#include "hooks/memo.hpp"
#include "repository_fixture.hpp"

namespace oe::hooks {
namespace {

std::string hex(std::string_view raw) {
  std::string text;
  for (const char c : raw) text += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return text;
}

struct Listing {
  std::string lines;  ///< as `git ls-files --stage` prints them
  bool ok = false;
};

Listing list(std::string_view bytes, std::size_t id_size) {
  IndexReader reader(bytes, id_size);
  Listing listing;
  for (IndexEntry entry; reader.next(entry);)
    listing.lines += fmt::format("{:06o} {} {}\t{}\n", entry.mode, hex(entry.id), entry.stage, entry.path);
  listing.ok = reader.ok();
  return listing;
}

class IndexReaderTest : public test::RepositoryTest {
 protected:
  void fill(int version) const {
    write("experience.yaml", "name: x\n");
    write("flows/release/experience.yaml", "name: y\n");
    for (int i = 0; i < 30; ++i) write(fmt::format("src/part{}/file{}.txt", i % 4, i), std::to_string(i));
    write("tool.sh", "exit 0\n");
    write(std::string(200, 'n') + "/" + std::string(200, 'm'), "long");
    sh(fmt::format("chmod +x tool.sh && ln -sf tool.sh link && git add -A && git update-index --index-version {}", version));
  }
  std::string index() const { return read(root_ / ".git/index"); }
};

TEST_F(IndexReaderTest, ReadsWhatGitListsInEveryVersion) {
  for (const int version : {2, 4}) {
    init();
    fill(version);
    const Listing listing = list(index(), 20);
    EXPECT_TRUE(listing.ok) << version;
    EXPECT_EQ(listing.lines, sh("git ls-files --stage")) << version;
  }
}

TEST_F(IndexReaderTest, ReadsVersion3AndLeavesWhatIsOnlyIntendedMarked) {
  init();
  fill(2);
  write("later.txt", "later");
  sh("git add -N later.txt");
  const std::string bytes = index();
  EXPECT_EQ(bytes[7], 3);
  IndexReader reader(bytes, 20);
  std::vector<std::string> intended;
  for (IndexEntry entry; reader.next(entry);)
    if (entry.intent_to_add) intended.emplace_back(entry.path);
  EXPECT_TRUE(reader.ok());
  EXPECT_THAT(intended, testing::ElementsAre("later.txt"));
}

TEST_F(IndexReaderTest, ReadsSha256) {
  init("--object-format=sha256");
  fill(4);
  const Listing listing = list(index(), 32);
  EXPECT_TRUE(listing.ok);
  EXPECT_EQ(listing.lines, sh("git ls-files --stage"));
  EXPECT_FALSE(list(index(), 20).ok);
}

TEST_F(IndexReaderTest, ReadsThePartsOfAConflict) {
  init();
  write("a", "1\n");
  sh("git add -A && git commit -qm 1 && git switch -qc other && echo 2 >a && git commit -qam 2 && git switch -q main && "
     "echo 3 >a && git commit -qam 3 && ! git merge -q other");
  const Listing listing = list(index(), 20);
  EXPECT_TRUE(listing.ok);
  EXPECT_EQ(listing.lines, sh("git ls-files --stage"));
}

TEST_F(IndexReaderTest, ReadsASparseIndex) {
  init();
  fill(2);
  sh("git commit -qm 1 && git sparse-checkout init --cone --sparse-index && git sparse-checkout set flows");
  const Listing listing = list(index(), 20);
  EXPECT_TRUE(listing.ok);
  EXPECT_EQ(listing.lines, sh("git ls-files --stage --sparse"));
  EXPECT_THAT(listing.lines, testing::HasSubstr("\tsrc/\n"));
}

TEST_F(IndexReaderTest, DoesNotTakeHalfOfASplitIndexForTheWhole) {
  init();
  fill(2);
  sh("git update-index --split-index && echo more >more && git add more");
  EXPECT_FALSE(list(index(), 20).ok);
}

TEST_F(IndexReaderTest, IsNeverOkWhereTheFileWasCut) {
  for (const int version : {2, 4}) {
    init();
    fill(version);
    const std::string whole = index();
    for (std::size_t size = 0; size < whole.size(); ++size)
      EXPECT_FALSE(list(whole.substr(0, size), 20).ok && list(whole.substr(0, size), 20).lines != list(whole, 20).lines) << size;
  }
}

// Git itself does not look at the digest of an index, so a byte of a time or a size may be anything. But a workflow must
// never count as found valid that is not the one that was, and what is read must not depend on bytes outside.
TEST_F(IndexReaderTest, NeverTakesADamagedWorkflowForAKnownOne) {
  for (const int version : {2, 4}) {
    init();
    fill(version);
    const std::string whole = index();
    std::string memo(kMemoHeader);
    for (const char* path : {"experience.yaml", "flows/release/experience.yaml"})
      memo += fmt::format("w - 100644 {} {}\n", std::string(trim(sh(fmt::format("git rev-parse :{}", path)))), path);
    IndexReader undamaged(whole, 20);
    ASSERT_TRUE(standing_of(undamaged, memo).known);
    const auto workflows_in = [](std::string_view bytes) {
      std::vector<std::string> found;
      IndexReader reader(bytes, 20);
      for (IndexEntry entry; reader.next(entry);)
        if (is_workflow_name(entry.path)) found.push_back(fmt::format("{:o} {} {}", entry.mode, hex(entry.id), entry.path));
      return found;
    };
    const std::vector<std::string> known = workflows_in(whole);
    for (std::size_t at = 0; at < whole.size(); ++at) {
      for (const char flip : {'\x01', '\x80', '\xFF'}) {
        const std::unique_ptr<char[]> exact(new char[whole.size()]);  // so that a sanitizer sees a read behind the end
        std::copy(whole.begin(), whole.end(), exact.get());
        exact[at] = static_cast<char>(exact[at] ^ flip);
        const std::string_view damaged(exact.get(), whole.size());
        IndexReader reader(damaged, 20);
        if (!standing_of(reader, memo).known) continue;
        for (const std::string& workflow : workflows_in(damaged))
          EXPECT_THAT(known, testing::Contains(workflow)) << at;
      }
    }
  }
}

}  // namespace
}  // namespace oe::hooks
