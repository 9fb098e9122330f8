#pragma once

namespace oe {

/// The deleter of a std::unique_ptr that owns a handle of a C library: FreeWith<git_tree_free>.
template <auto Free>
struct FreeWith {
  template <class T>
  void operator()(T* handle) const {
    Free(handle);
  }
};

}  // namespace oe
