using System.Text.Json.Nodes;
using SchemaStream.Json.Compatibility;
using Xunit.Abstractions;

namespace SchemaStream.Json.Tests.Properties;

/// <summary>
/// What the rules promise, held against a validator: where BACKWARD says yes, data that was valid under the old schema is
/// valid under the new one.
/// </summary>
/// <remarks>
/// Three of Confluent's rules promise more than they can hold, and are kept out of the schemas here: alternatives of a
/// oneOf may come to overlap (here they are of different types); unevaluated properties are compared beside allOf, anyOf
/// and oneOf without regard to what these evaluate (here they do not meet); a required property may come with a default,
/// which who reads fills in (here the judge does not demand it).
/// </remarks>
public sealed class CompatibleSchemasTests(ITestOutputHelper output)
{
    private const int Pairs = 10_000;
    private const int DataOfAPair = 10;

    [Fact]
    public async Task WhereBackwardSaysYes_DataOfTheOldSchemaIsValidUnderTheNew()
    {
        // A failing seed is run again by: SCHEMASTREAM_SEED=n dotnet test --filter WhereBackwardSaysYes
        var seed = Environment.GetEnvironmentVariable("SCHEMASTREAM_SEED") is { } given
            ? int.Parse(given, System.Globalization.CultureInfo.InvariantCulture)
            : Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var questions = new List<string>();
        for (var i = 0; i < Pairs; i++)
        {
            if (Question(random, Enum.GetValues<JsonSchemaDraft>()[i % 5]) is { } question)
            {
                questions.Add(question);
            }
        }

        var answers = await Ajv.AskAsync(questions);

        answers.Count.ShouldBe(questions.Count);
        var wrong = answers.Zip(questions)
            .Where(pair => pair.First.Broken.Length > 0 || pair.First.Error is not null)
            .Select(pair => $"{pair.Second}\n  broken: {string.Join(" ", pair.First.Broken)} {pair.First.Error}")
            .ToArray();
        output.WriteLine(
            $"{Pairs} pairs, {questions.Count} compatible, {answers.Sum(answer => answer.Valid)} values valid under the old " +
            $"schemas, {answers.Count(answer => answer.Valid > 0)} pairs with such, {wrong.Length} wrong");
        string.Join("\n", wrong.Take(5)).ShouldBeEmpty($"{wrong.Length} pairs, seed {seed}");

        // A generator that makes nothing worth asking about would show nothing.
        questions.Count.ShouldBeGreaterThan(Pairs / 5);
        answers.Count(answer => answer.Valid > 0).ShouldBeGreaterThan(questions.Count / 2);
    }

    [Fact]
    public async Task ADefault_IsNotData_UntilAReaderFillsItIn()
    {
        // Seed 1043685950: had the old schema's default been filled in, {} would have had its one property there alone.
        const string WithDefault = """{"minProperties": 1, "properties": {"a": {"enum": ["a", 1], "default": "a"}}}""";
        const string Without = """{"minProperties": 1, "properties": {"a": {"enum": ["a", 1, 2]}}}""";
        const string Demanding = """{"maxProperties": 1, "required": ["a"], "properties": {"a": {"enum": ["a"], "default": "a"}}}""";

        var answers = await Ajv.AskAsync(
        [
            Asked(WithDefault, Without, """[{}, {"a": 1}]"""),
            Asked("{}", Demanding, """[{}, {"b": 1}, {"a": "b"}]"""),
        ]);

        answers.ShouldAllBe(answer => answer.Error == null);
        answers[0].ShouldSatisfyAllConditions(kept => kept.Valid.ShouldBe(1), kept => kept.Broken.ShouldBeEmpty());
        answers[1].Broken.ShouldBe(["""{"a":"b"}"""], "what a reader fills in is not missing, and what is there is still looked at");

        static string Asked(string old, string now, string data) =>
            $$"""{"edition": "Draft7", "old": {{old}}, "new": {{now}}, "data": {{data}}}""";
    }

    private static string? Question(Random random, JsonSchemaDraft draft)
    {
        var schemas = new RandomSchemas(random, draft);
        var old = schemas.Root();
        old["$schema"] = Edition(draft);
        var (now, isCompatible) = Changed(old, new RandomChanges(random, schemas));
        if (!isCompatible)
        {
            return null;
        }

        var data = new RandomData(random, schemas, old);
        var values = new JsonArray();
        for (var i = 0; i < DataOfAPair; i++)
        {
            values.Add(i % 4 == 3 ? data.Anything(0) : data.Of(old));
        }

        return new JsonObject
        {
            ["edition"] = draft.ToString(), ["old"] = old, ["new"] = now, ["data"] = values,
        }.ToJsonString();
    }

    /// <summary>A change that says more than another title; a change of what nothing refers to is none.</summary>
    private static (JsonObject Schema, bool IsCompatible) Changed(JsonObject old, RandomChanges changes)
    {
        var original = JsonSchema.Parse(old.ToJsonString());
        while (true)
        {
            var now = changes.Changed(old);
            var update = JsonSchema.Parse(now.ToJsonString());
            var found = JsonCompatibility.Differences(original, update);
            if (found.Any(change => change.Kind is not ("TITLE_CHANGED" or "DEFAULT_CHANGED" or "NOT_TYPE_NARROWED")))
            {
                return (now, found.All(change => change.IsCompatible));
            }
        }
    }

    internal static string Edition(JsonSchemaDraft draft) => draft switch
    {
        JsonSchemaDraft.Draft4 => "http://json-schema.org/draft-04/schema#",
        JsonSchemaDraft.Draft6 => "http://json-schema.org/draft-06/schema#",
        JsonSchemaDraft.Draft7 => "http://json-schema.org/draft-07/schema#",
        JsonSchemaDraft.Draft201909 => "https://json-schema.org/draft/2019-09/schema",
        _ => "https://json-schema.org/draft/2020-12/schema",
    };
}
