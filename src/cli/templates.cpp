#include "cli/templates.hpp"

#include <array>

namespace oe::cli {

namespace {

constexpr std::array kTool = {
    TemplateFile{"experience.yaml", R"(name: @NAME@
version: 0.1.0
description: One tool that greets.

state:
  schema:
    greeting: { type: string }

graph:
  nodes:
    - id: hello
      kind: tool
      impl: ./tools/hello.mjs
      args: { name: world }
      writes: [greeting]
  edges: []
)"},
    TemplateFile{"tools/hello.mjs", R"(export default function hello({ name }) {
  return { state_delta: { greeting: `Hello, ${name}!` } };
}
)"},
};

constexpr std::array kCommand = {
    TemplateFile{"experience.yaml", R"(name: @NAME@
version: 0.1.0
description: Two commands, the second of which uses what the first one found.

state:
  schema:
    files: { type: array }
    count: { type: string }

graph:
  nodes:
    - id: list_files
      kind: command
      run: git ls-files
      output: lines
      writes: [files]
    - id: count_files
      kind: command
      run: printf '%s' {{files}} | wc -c
      timeout_ms: 10000
      reads: [files]
      writes: [count]
  edges:
    - { from: list_files, to: count_files }
)"},
};

constexpr std::array kDataset = {
    TemplateFile{"experience.yaml", R"(name: @NAME@
version: 0.1.0
description: Each row of a file goes through a tool, several at a time.

state:
  schema:
    orders: { type: array }
    totals: { type: array, merge: array_append }

graph:
  nodes:
    - id: load
      kind: dataset
      source: { type: file, uri: ./data/orders.csv }
      writes: [orders]
    - id: total
      kind: tool
      impl: ./tools/total.mjs
      for_each: { source: $.orders, concurrency: 4 }
      writes: [totals]
  edges:
    - { from: load, to: total }

runtime:
  concurrency: 4
)"},
    TemplateFile{"data/orders.csv", "id,price,quantity\n1,2.50,4\n2,10.00,1\n3,0.99,12\n"},
    TemplateFile{"tools/total.mjs", R"(export default function total({ $item }) {
  const total = Number($item.price) * Number($item.quantity);
  return { state_delta: { totals: [{ id: $item.id, total }] } };
}
)"},
};

constexpr std::array kTemplates = {
    Template{"tool", "one JavaScript tool", kTool},
    Template{"command", "two shell commands", kCommand},
    Template{"dataset", "a CSV file, fanned out over a tool", kDataset},
};

}  // namespace

std::span<const Template> templates() {
  return kTemplates;
}

}  // namespace oe::cli
