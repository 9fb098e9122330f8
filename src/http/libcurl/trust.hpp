#pragma once

#include <curl/curl.h>
#include <string>

namespace oe::http {

/// Whose certificates are good: a file or a directory with hashed names; with neither, what libcurl was built with.
/// Never both: libcurl keeps a parsed file for all connections, but only when it is alone, and Debian's standard is
/// both, which costs 40 ms a connection.
struct Trust {
  std::string file;
  std::string directory;

  /// CURL_CA_BUNDLE, else SSL_CERT_FILE, else SSL_CERT_DIR, else /etc/ssl/certs where it is.
  static Trust of_environment();
  void apply(CURL* easy) const;
};

}  // namespace oe::http
