#include "oe/base/box.hpp"
#include "oe/evolve/judge.hpp"

#include "evolve/revert.hpp"

namespace oe::evolve {

namespace {

Result<git::FileChange> workflow_change(const git::Repository& repository, const Base& base, std::string text) {
  OE_TRY(auto blob, repository.read(base.commit, base.workflow));
  return git::FileChange{base.workflow, std::move(text), blob ? blob->mode : 0100644};
}

Result<Patch> render_parameter(const git::Repository& repository, const Base& base, const TuneParam& tune) {
  OE_TRY(auto text, formats::apply(base.reading.document, tune.set));
  OE_TRY(auto change, workflow_change(repository, base, std::move(text)));
  return Patch{{std::move(change)}};
}

Result<Patch> render_node(const git::Repository& repository, const Base& base, const AddNode& add) {
  OE_TRY(auto text, formats::apply(base.reading.document, add.insert));
  OE_TRY(auto change, workflow_change(repository, base, std::move(text)));
  Patch patch{{std::move(change)}};
  for (git::FileChange file : add.files) {
    file.path = base.from_root(file.path);
    OE_TRY(auto existing, repository.read(base.commit, file.path));
    if (existing) return fail(ErrorKind::failed, "the new node's file " + file.path + " is already there");
    patch.files.push_back(std::move(file));
  }
  return patch;
}

Result<Patch> render_case(const git::Repository& repository, const Base& base, const AddDatasetCase& add) {
  const std::string path = base.from_root(add.file);
  OE_TRY(auto blob, repository.read(base.commit, path));
  OE_TRY(auto text, formats::append_row(blob ? blob->bytes : "", add.format, add.row, path));
  return Patch{{{path, std::move(text), blob ? blob->mode : 0100644}}};
}

}  // namespace

Result<Patch> render(const git::Repository& repository, const Base& base, const Operation& operation) {
  return std::visit(overloaded{
                        [&](const TuneParam& tune) { return render_parameter(repository, base, tune); },
                        [&](const AddNode& add) { return render_node(repository, base, add); },
                        [&](const AddDatasetCase& add) { return render_case(repository, base, add); },
                        [&](const Revert& revert) { return render_revert(repository, base, revert); },
                    },
                    operation);
}

}  // namespace oe::evolve
