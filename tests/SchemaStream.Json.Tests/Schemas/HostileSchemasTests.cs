using System.Diagnostics;
using System.Globalization;
using SchemaStream.Json.Compatibility;

namespace SchemaStream.Json.Tests.Schemas;

/// <summary>Schemas that are made to hurt: each is refused, or compared, in bounded time and memory.</summary>
public sealed class HostileSchemasTests
{
    /// <summary>What has no bound takes hours: this tells it apart on a busy machine too.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private const long MostMemory = 300L * 1024 * 1024;

    [Fact]
    public void DeepNesting_IsRefused()
    {
        Refused(Repeat("{\"not\":", 100_000) + "{}" + Repeat("}", 100_000)).ShouldContain("depth");
        Refused(Repeat("[", 500_000)).ShouldContain("JSON");
        Refused("{\"enum\":" + Repeat("[", 1000) + Repeat("]", 1000) + "}").ShouldContain("depth");
    }

    [Fact]
    public void NestingThatIsAllowed_IsComparedToItsEnd()
    {
        var deep = Repeat("{\"items\":", 190) + "{\"type\":\"string\"}" + Repeat("}", 190);

        Check(deep, deep).ShouldBeEmpty();
        Check(deep.Replace("string", "null", StringComparison.Ordinal), deep).ShouldHaveSingleItem().Kind.ShouldBe("TYPE_CHANGED");
    }

    [Fact]
    public void TextThatIsTooLong_IsRefusedUnread() =>
        Refused("{\"enum\":[" + Repeat("\"a value of an enum that takes ten megabytes\",", 220_000) + "0]}").ShouldContain("characters");

    [Fact]
    public void EnumAsLargeAsATextMayBe_IsCompared()
    {
        var values = string.Join(',', Enumerable.Range(0, 140_000));

        Check($"{{\"enum\":[{values},-1]}}", $"{{\"enum\":[{values}]}}").ShouldBeEmpty();
        Check($"{{\"enum\":[{values}]}}", $"{{\"enum\":[{values},-1]}}").ShouldHaveSingleItem().Kind.ShouldBe("ENUM_ARRAY_NARROWED");
    }

    [Theory]
    [InlineData("""{"$ref":"#"}""")]
    [InlineData("""{"definitions":{"a":{"$ref":"#/definitions/b"},"b":{"$ref":"#/definitions/a"}},"$ref":"#/definitions/a"}""")]
    [InlineData("""{"definitions":{"a":{"$ref":"#/definitions/a"}},"properties":{"x":{"$ref":"#/definitions/a"}}}""")]
    public void ReferencesThatLeadInACircle_AreRefused(string text) => Refused(text).ShouldContain("without end");

    [Fact]
    public void ChainOfReferences_IsRefusedWhereItIsTooLong()
    {
        var links = Enumerable.Range(0, 10_000).Select(i => $"\"d{i}\":{{\"$ref\":\"#/definitions/d{i + 1}\"}}");

        Refused($"{{\"definitions\":{{{string.Join(',', links)},\"d10000\":{{}}}},\"$ref\":\"#/definitions/d0\"}}")
            .ShouldContain("too often");
    }

    [Fact]
    public void ReferencesThatFanOut_AreComparedOncePerPair()
    {
        var old = FanOut("""{"type":"string"}""");
        var now = FanOut("""{"type":"integer"}""");

        Check(old, old).ShouldBeEmpty();
        Check(now, old).Count.ShouldBe(JsonSchemaLimits.MaxViolations);
    }

    [Fact]
    public void DefinitionsThatLeadEverDeeper_AreNotComparedFurther()
    {
        var links = Enumerable.Range(0, 5_000)
            .Select(i => $"\"d{i}\":{{\"properties\":{{\"p\":{{\"$ref\":\"#/definitions/d{i + 1}\"}}}}}}");
        var chain = $"{{\"definitions\":{{{string.Join(',', links)},\"d5000\":{{}}}},\"$ref\":\"#/definitions/d0\"}}";

        Should.Throw<JsonSchemaException>(() => Check(chain, chain)).Message.ShouldContain("deep");
    }

    [Fact]
    public void AlternativesByTheHundred_AreMatched()
    {
        string Union(int count) => "{\"oneOf\":[" + string.Join(',', Enumerable.Range(0, count).Select(i =>
            $"{{\"type\":\"object\",\"required\":[\"k\"],\"properties\":{{\"k\":{{\"const\":{i}}},\"v\":{{\"type\":\"string\"}}}}}}")) + "]}";

        Check(Union(701), Union(700)).ShouldBeEmpty();
        Check(Union(120).Replace("string", "number", StringComparison.Ordinal), Union(120))
            .ShouldHaveSingleItem().Kind.ShouldBe("COMBINED_TYPE_SUBSCHEMAS_CHANGED");
        Check(Union(119), Union(120)).ShouldContain(violation => violation.Kind == "SUM_TYPE_NARROWED");
    }

    [Fact]
    public void AlternativesByTheThousand_AreNotCompared()
    {
        var union = "{\"oneOf\":[" + string.Join(',', Enumerable.Range(0, 5_000).Select(i => $"{{\"minimum\":{i}}}")) + "]}";

        Should.Throw<JsonSchemaException>(() => Check(union.Replace("minimum", "maximum", StringComparison.Ordinal), union))
            .Message.ShouldContain("steps");
    }

    [Fact]
    public void UnionsOfUnions_DoNotMultiply()
    {
        var definitions = string.Join(',', Enumerable.Range(0, 30).Select(i =>
            $"\"d{i}\":{{\"anyOf\":[" + string.Join(',', Enumerable.Range(0, 30).Select(j => $"{{\"$ref\":\"#/definitions/d{j}\"}}")) +
            $",{{\"maxLength\":{i}}}]}}"));

        // Alternatives that lead back to themselves: whatever the answer is, there is one.
        var schema = $"{{\"definitions\":{{{definitions}}},\"properties\":{{\"p\":{{\"$ref\":\"#/definitions/d0\"}}}}}}";
        Bounded(() =>
        {
            try
            {
                JsonCompatibility.Check(JsonSchema.Parse(schema), JsonSchema.Parse(schema));
            }
            catch (JsonSchemaException refused)
            {
                refused.Message.ShouldContain("compared");
            }

            return 0;
        });
    }

    [Fact]
    public void PatternThatWouldBacktrackForEver_IsMatchedInOnePass()
    {
        var name = new string('a', 60) + "!";
        var old = $"{{\"type\":\"object\",\"properties\":{{\"{name}\":{{}}}},\"additionalProperties\":false}}";

        Check(WithPattern("^(a+)+$"), old).ShouldHaveSingleItem().Kind.ShouldBe("PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL");
        Check(WithPattern("^(a+)+!$"), old).Select(violation => violation.Kind).ShouldContain("PROPERTY_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL");
    }

    [Fact]
    public void PatternThatLooksAhead_IsMatchedOnManyNames()
    {
        var names = string.Join(',', Enumerable.Range(0, 200).Select(i => $"\"name-{i}\":{{\"type\":\"string\"}}"));
        var old = $"{{\"type\":\"object\",\"properties\":{{{names}}},\"additionalProperties\":false}}";

        Check(WithPattern("^(?!x-)"), old).ShouldBeEmpty();
    }

    [Fact]
    public void PatternThatBacktracksForEver_IsGivenUp()
    {
        var name = new string('a', 60) + "!";
        var old = $"{{\"type\":\"object\",\"properties\":{{\"{name}\":{{}}}},\"additionalProperties\":false}}";
        var now = $"{{\"type\":\"object\",\"properties\":{{\"{name}\":{{}}}},\"patternProperties\":{{\"^(?=(a+)+$)\":{{\"type\":\"string\"}}}},\"additionalProperties\":false}}";

        Should.Throw<JsonSchemaException>(() => Check(now, old)).Message.ShouldContain("takes too long");

        // As a demand on strings it is compared by its text and never run.
        Check("""{"type":"string","pattern":"^(a+)+$"}""", """{"type":"string","pattern":"^(a+)+$"}""").ShouldBeEmpty();
    }

    [Fact]
    public void NamesThatEachBacktrackALittle_AreGivenUpTogether()
    {
        var names = string.Join(',', Enumerable.Range(0, 5_000).Select(i => $"\"{new string('a', 15)}!{i}\":{{}}"));
        var old = $"{{\"type\":\"object\",\"properties\":{{{names}}},\"additionalProperties\":false}}";

        Bounded(() => Should.Throw<JsonSchemaException>(() => Check(WithPattern("^(?=(a+)+$)"), old)).Message).ShouldContain("steps");
    }

    private static string WithPattern(string pattern) =>
        $"{{\"type\":\"object\",\"patternProperties\":{{\"{pattern}\":{{\"type\":\"string\"}}}},\"additionalProperties\":false}}";

    [Fact]
    public void PatternsWithoutNumber_AreRefused()
    {
        Refused("{\"patternProperties\":{" + string.Join(',', Enumerable.Range(0, 6_000).Select(i => $"\"^{i}\":{{}}")) + "}}")
            .ShouldContain("regular expressions");
        Refused($"{{\"pattern\":\"{Repeat("(", 4_000)}a{Repeat(")*", 4_000)}\"}}").ShouldContain("characters");
    }

    [Fact]
    public void PatternOfNestedGroups_IsRead() =>
        Bounded(() => JsonSchema.Parse($"{{\"pattern\":\"{Repeat("(", 3_000)}a{Repeat(")*", 3_000)}\"}}").Draft)
            .ShouldBe(JsonSchemaDraft.Draft7);

    [Fact]
    public void NumbersThatNoMachineCouldWriteOut_AreCompared()
    {
        Check("""{"type":"number","maximum":1e999999999999}""", """{"type":"number","maximum":1e999999999998}""").ShouldBeEmpty();
        Check("""{"type":"number","multipleOf":1e-999999999}""", """{"type":"number","multipleOf":7e999999999}""").ShouldBeEmpty();
        Refused($"{{\"maximum\":{Repeat("9", 5_000)}}}").ShouldContain("number");
    }

    [Fact]
    public void NamesAsLongAsTheText_DoNotMultiply()
    {
        var name = new string('n', 5_000);
        var deep = Repeat($"{{\"properties\":{{\"{name}\":", 95) + "{\"type\":\"string\"}" + Repeat("}}", 95);

        Check(deep.Replace("string", "null", StringComparison.Ordinal), deep)
            .ShouldHaveSingleItem().Path.Length.ShouldBeLessThan(3_000);
    }

    [Fact]
    public void CombinationsWithinEachOther_DoNotRepeatTheirTexts()
    {
        var leaf = "{\"enum\":[\"" + new string('x', 900_000) + "\"]}";
        var deep = Repeat("{\"allOf\":[{},", 95) + leaf + Repeat("]}", 95);

        Check(deep, deep.Replace("x\"]", "y\"]", StringComparison.Ordinal)).ShouldNotBeEmpty();
    }

    [Fact]
    public void LongIdThatEverySchemaWithinRepeats_IsRefused()
    {
        var inner = string.Join(',', Enumerable.Range(0, 30_000).Select(i => $"\"d{i}\":{{\"$id\":\"i{i}\"}}"));

        Refused($"{{\"$id\":\"http://example.com/{Repeat("x", 50_000)}\",\"definitions\":{{{inner}}}}}").ShouldContain("URI");
    }

    [Fact]
    public void SchemasWithoutNumber_AreRefused() =>
        Refused("{\"allOf\":[" + Repeat("{},", 100_000) + "{}]}").ShouldContain("schemas");

    [Fact]
    public void ReferencedTexts_AreBoundedTogether()
    {
        var reference = "{\"enum\":[" + Repeat("1234567890,", 90_000) + "0]}";
        var references = Enumerable.Range(0, 5)
            .Select(i => new JsonSchemaReference(string.Create(CultureInfo.InvariantCulture, $"r{i}.json"), reference)).ToArray();

        Should.Throw<JsonSchemaException>(() => JsonSchema.Parse("{}", references)).Message.ShouldContain("together");
    }

    private static string FanOut(string leaf)
    {
        var definitions = Enumerable.Range(0, 40).Select(i =>
            $"\"d{i}\":{{\"properties\":{{\"x\":{{\"$ref\":\"#/definitions/d{i + 1}\"}},\"y\":{{\"$ref\":\"#/definitions/d{i + 1}\"}}}}}}");
        return $"{{\"definitions\":{{{string.Join(',', definitions)},\"d40\":{leaf}}},\"$ref\":\"#/definitions/d0\"}}";
    }

    private static IReadOnlyList<CompatibilityViolation> Check(string now, string old) =>
        Bounded(() => JsonCompatibility.Check(JsonSchema.Parse(now), JsonSchema.Parse(old)));

    private static string Refused(string text) =>
        Bounded(() => Should.Throw<JsonSchemaException>(() => JsonSchema.Parse(text)).Message);

    private static T Bounded<T>(Func<T> work)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var clock = Stopwatch.StartNew();
        try
        {
            return work();
        }
        finally
        {
            clock.Elapsed.ShouldBeLessThan(Limit);
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(MostMemory);
        }
    }

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
}
