#include "llm/figures.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "oe/base/redact.hpp"

#include "llm/key_forms.hpp"
#include "llm/money.hpp"
#include "llm/repair.hpp"

namespace oe::llm {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Figures, AreForPeople) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(3120), "3,120");
  EXPECT_EQ(grouped(1234567), "1,234,567");
  EXPECT_EQ(human_bytes(812), "812 bytes");
  EXPECT_EQ(human_bytes(12'345), "12 kB");
  EXPECT_EQ(human_bytes(3'400'000), "3.4 MB");
  EXPECT_EQ(human_wait(std::chrono::milliseconds(500)), "0.5 s");
  EXPECT_EQ(human_wait(std::chrono::milliseconds(200'000)), "3 m 20 s");
}

TEST(Money, CachesCostWhatThePriceSaysElseAsInput) {
  const Usage usage{.input = 1'000'000, .cache_read = 1'000'000, .cache_write = 1'000'000, .output = 1'000'000};
  EXPECT_DOUBLE_EQ(cost_of(usage, {.input = 2, .output = 10}), 2 + 2 + 2 + 10);
  EXPECT_DOUBLE_EQ(cost_of(usage, {.input = 2, .output = 10, .cache_read = 0.2, .cache_write = 2.5}),
                   2 + 0.2 + 2.5 + 10);
  EXPECT_DOUBLE_EQ(cost_of({.output = 10, .reasoning = 9}, {.input = 0, .output = 1e6}), 10) << "reasoning is output";
}

TEST(Repair, QuotesTheAnswerAndTheFaultsInTurnsOfAtMostSoManyBytes) {
  const Ask ask{.turns = {{.text = "judge"}}};
  const Ask again = repaired(ask, "ugly", {"/verdict: must be one of good, bad", std::string(5000, 'x')});
  ASSERT_EQ(again.turns.size(), 3U);
  EXPECT_EQ(again.turns[1], (Turn{.role = Turn::Role::model, .text = "ugly"}));
  EXPECT_THAT(again.turns[2].text, HasSubstr("/verdict: must be one of"));
  EXPECT_LE(again.turns[2].text.size(), kMostFaultBytes);
  EXPECT_NE(repaired(ask, "", {"empty"}).turns[1].text, "") << "no API takes an empty turn";
}

TEST(KeyForms, FindAKeyInBase64WhereverItBegins) {
  const Redactor redactor(forms_of({"sk-test-0123456789abcdef"}));
  // printf %s PREFIX sk-test-0123456789abcdef SUFFIX | base64
  EXPECT_THAT(redactor.text("c2stdGVzdC0wMTIzNDU2Nzg5YWJjZGVm"), Not(HasSubstr("dGVzdC0wMTIz")));
  EXPECT_THAT(redactor.text("OnNrLXRlc3QtMDEyMzQ1Njc4OWFiY2RlZg=="), Not(HasSubstr("LXRlc3QtMDEy")));
  EXPECT_THAT(redactor.text("bWU6c2stdGVzdC0wMTIzNDU2Nzg5YWJjZGVm"), Not(HasSubstr("dGVzdC0wMTIz")));
  EXPECT_THAT(redactor.text("eDpzay10ZXN0LTAxMjM0NTY3ODlhYmNkZWY6eQ=="), Not(HasSubstr("10ZXN0LTAxMjM0")));
  EXPECT_EQ(redactor.text("nothing of it"), "nothing of it");
}

}  // namespace
}  // namespace oe::llm
