function fits(pattern, text) {
  const regex = /^\/(.*)\/([a-z]*)$/s.exec(pattern);
  return regex ? new RegExp(regex[1], regex[2]).test(text) : text.includes(pattern);
}

/// Which rule answers a request; see the head of model_server.mjs.
export class Script {
  /// `past`: earlier calls, {"rule": index or null} each.
  constructor(script, past = []) {
    this.replace(script);
    this.calls = past.length;
    for (const { rule } of past) if (rule !== null) ++this.rules[rule].used;
  }

  replace(script) {
    this.key = script.key ?? null;
    this.keyless = script.keyless ?? false;
    this.rules = (script.rules ?? []).map((rule) => ({ rule, used: 0 }));
    this.calls = 0;
  }

  pick(api, asked, prompt) {
    const call = ++this.calls;
    const index = this.rules.findIndex(({ rule, used }) => used < (rule.times ?? Infinity) && this.#fits(rule.when ?? {}, api, asked, prompt, call));
    if (index < 0) return { rule: {}, index: null };
    ++this.rules[index].used;
    return { rule: this.rules[index].rule, index };
  }

  #fits(when, api, asked, prompt, call) {
    const [from, to] = Array.isArray(when.call) ? when.call : [when.call, when.call];
    return (when.api === undefined || when.api === api) && (when.model === undefined || when.model === asked.model) &&
      (when.stream === undefined || when.stream === asked.stream) && (when.schema === undefined || when.schema === Boolean(asked.schema)) &&
      (when.prompt === undefined || fits(when.prompt, prompt)) && (when.call === undefined || (from <= call && call <= to));
  }
}
