#pragma once

#include <string_view>
#include <yaml.h>

namespace oe::doc {

/// libyaml's parser over a text that outlives it.
struct YamlParser {
  yaml_parser_t raw;

  explicit YamlParser(std::string_view text) {
    yaml_parser_initialize(&raw);
    yaml_parser_set_encoding(&raw, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&raw, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  }
  YamlParser(const YamlParser&) = delete;
  YamlParser& operator=(const YamlParser&) = delete;
  ~YamlParser() { yaml_parser_delete(&raw); }
};

/// One event of it.
struct YamlEvent {
  yaml_event_t raw{};

  YamlEvent() = default;
  YamlEvent(const YamlEvent&) = delete;
  YamlEvent& operator=(const YamlEvent&) = delete;
  ~YamlEvent() { yaml_event_delete(&raw); }
};

}  // namespace oe::doc
