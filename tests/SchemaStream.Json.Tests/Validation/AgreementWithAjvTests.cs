using System.Text;
using System.Text.Json.Nodes;
using SchemaStream.Json.Tests.Properties;
using SchemaStream.Json.Validation;
using Xunit.Abstractions;

namespace SchemaStream.Json.Tests.Validation;

/// <summary>Random schemas of all drafts and random data: our verdict is that of the validator of the JavaScript world.</summary>
public sealed class AgreementWithAjvTests(ITestOutputHelper output)
{
    private const int Schemas = 2_000;
    private const int DataOfASchema = 8;

    [Fact]
    public async Task Verdicts_AreAjvs()
    {
        // A failing seed is run again by: SCHEMASTREAM_SEED=n dotnet test --filter Verdicts_AreAjvs
        var seed = Environment.GetEnvironmentVariable("SCHEMASTREAM_SEED") is { } given
            ? int.Parse(given, System.Globalization.CultureInfo.InvariantCulture)
            : Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var questions = new List<(JsonObject Schema, JsonArray Data, string Text)>();
        for (var i = 0; i < Schemas; i++)
        {
            questions.Add(Question(random, Enum.GetValues<JsonSchemaDraft>()[i % 5]));
        }

        var answers = await Ajv.AskAsync([.. questions.Select(question => question.Text)]);

        var (pairs, valid, wrong) = (0, 0, new List<string>());
        foreach (var ((schema, data, _), answer) in questions.Zip(answers))
        {
            answer.Error.ShouldBeNull(schema.ToJsonString());
            var validator = new JsonSchemaValidator(JsonSchema.Parse(schema.ToJsonString()));
            for (var i = 0; i < data.Count; i++)
            {
                pairs++;
                var text = data[i]?.ToJsonString() ?? "null";
                var expected = !answer.Broken.Contains(i.ToString(System.Globalization.CultureInfo.InvariantCulture));
                var violation = validator.Validate(Encoding.UTF8.GetBytes(text));
                valid += expected ? 1 : 0;
                if (violation is null != expected)
                {
                    wrong.Add($"{schema.ToJsonString()}\n  {text}\n  ajv: {expected}, here: {violation?.ToString() ?? "valid"}");
                }
            }
        }

        output.WriteLine($"{pairs} pairs, {valid} valid, {wrong.Count} wrong");
        string.Join("\n", wrong.Take(5)).ShouldBeEmpty($"{wrong.Count} of {pairs} pairs, seed {seed}");
        pairs.ShouldBeGreaterThan(10_000);
        valid.ShouldBeInRange(pairs / 5, pairs * 9 / 10, "verdicts of one kind alone would show nothing");
    }

    private static (JsonObject Schema, JsonArray Data, string Text) Question(Random random, JsonSchemaDraft draft)
    {
        var schemas = new RandomSchemas(random, draft);
        var schema = schemas.Root();
        schema["$schema"] = CompatibleSchemasTests.Edition(draft);
        var data = new RandomData(random, schemas, schema);
        var values = new JsonArray();
        for (var i = 0; i < DataOfASchema; i++)
        {
            values.Add(i % 3 == 2 ? data.Anything(0) : data.Of(schema));
        }

        var question = new JsonObject { ["edition"] = draft.ToString(), ["schema"] = schema.DeepClone(), ["data"] = values.DeepClone() };
        return (schema, values, question.ToJsonString());
    }
}
