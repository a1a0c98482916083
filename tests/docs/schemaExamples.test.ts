import assert from "node:assert/strict";
import { registryPages } from "./pages";
import { descriptions, LANGUAGES } from "./examples";

describe("the examples of the Registry", () => {
  for (const { name, text } of descriptions) {
    it(`are in every language, once each: ${name}`, () => {
      const examples = [...text.matchAll(/^\{\{% example %\}\}\n(.*?)^\{\{% \/example %\}\}$/gms)];
      assert.ok(examples.length > 0);
      for (const [, example = ""] of examples) {
        assert.match(example, /^### \S/);
        assert.deepEqual(listLanguages(example), LANGUAGES);
        // One line says what matters, in each language.
        assert.equal(
          splitBlocks(example).filter((code) => /(?:^|\s)(?:\/\/|#) \S/.test(code)).length,
          LANGUAGES.length,
        );
      }
      // The generators of C# and Java print it as it is.
      assert.doesNotMatch(text, /\{\{% ref/);
    });
  }

  for (const { name, text } of registryPages) {
    it(`are in every chooser, in every language: ${name}`, () => {
      const choosers = [
        ...text.matchAll(/^\{\{< chooser language "([^"]*)" >\}\}\n(.*?)^\{\{< \/chooser >\}\}$/gms),
      ];
      assert.ok(choosers.length > 0);
      for (const [, languages, content = ""] of choosers) {
        assert.equal(languages, LANGUAGES.join(","));
        const choices = [
          ...content.matchAll(/^\{\{% choosable language (\w+) %\}\}\n(.+?)^\{\{% \/choosable %\}\}$/gms),
        ];
        assert.deepEqual(
          choices.map(([, language]) => language),
          LANGUAGES,
        );
      }
    });

    it(`show no images: ${name}`, () => {
      // The Registry takes none from a relative address.
      assert.doesNotMatch(text, /!\[|<img/);
    });
  }
});

function listLanguages(text: string): (string | undefined)[] {
  return [...text.matchAll(/^```(\w+)$/gm)].map(([, language]) => language);
}

function splitBlocks(text: string): string[] {
  return [...text.matchAll(/^```\w+\n(.*?)^```$/gms)].map(([, code = ""]) => code);
}
