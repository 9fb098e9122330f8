#include <utility>

#include "oe/db/database.hpp"

namespace oe::db {

Result<Transaction> Transaction::begin(Database& database) {
  OE_CHECK(database.execute("BEGIN IMMEDIATE", {}));
  return Transaction(database);
}

Transaction::Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}

Transaction::~Transaction() {
  if (database_ == nullptr) return;
  // Where this fails SQLite has rolled back by itself already.
  [[maybe_unused]] const Result<void> ignored = database_->execute("ROLLBACK");
}

Result<void> Transaction::commit() {
  OE_CHECK(database_->execute("COMMIT", {}));
  database_ = nullptr;
  return {};
}

}  // namespace oe::db
