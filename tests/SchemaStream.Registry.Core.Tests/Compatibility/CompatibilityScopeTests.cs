using SchemaStream.Registry.Core.Commands;
using SchemaStream.Registry.Core.Compatibility;
using SchemaStream.Registry.Core.DataContracts;
using SchemaStream.Registry.Core.Queries;

namespace SchemaStream.Registry.Core.Tests.Compatibility;

/// <summary>Groups, policies and reserved names: what besides the level decides on compatibility.</summary>
public sealed class CompatibilityScopeTests
{
    private static readonly Subject S = Subject.Parse("s");
    private readonly TestMachine _machine = new();

    [Fact]
    public void Group_OnlyVersionsOfTheSameOneCount()
    {
        Configure(new SubjectConfigUpdate { CompatibilityGroup = new(true, "major") });
        Register(Schemas.OrderPlaced, ("major", "1")).ShouldBeOk();

        Register(Schemas.OrderPlacedWithTotal, ("major", "1")).ShouldBeRefused().Code.ShouldBe(ErrorCodes.Incompatible);
        Register(Schemas.OrderPlacedWithTotal, ("major", "2")).ShouldBeOk();
        Register(Schemas.OrderPlacedWithNote, ("major", "1")).ShouldBeOk("the latest of its own group is version 1").Version.ShouldBe(3);
        Register(Schemas.Record("OrderPlaced", Schemas.Required("id"), Schemas.Required("weight"))).ShouldBeRefused(
            "without metadata of its own it is of the latest's group");
        Register(Schemas.Record("OrderPlaced", Schemas.Required("weight")), ("other", "x")).ShouldBeOk("nothing else has no group");
    }

    [Fact]
    public void Group_HoldsForTheQuestionAsWell()
    {
        Configure(new SubjectConfigUpdate { CompatibilityGroup = new(true, "major") });
        Register(Schemas.OrderPlaced, ("major", "1")).ShouldBeOk();

        Ask(Schemas.OrderPlacedWithTotal, ("major", "1")).ShouldNotBeEmpty();
        Ask(Schemas.OrderPlacedWithTotal, ("major", "2")).ShouldBeEmpty();
        CompatibilityQuery.AgainstVersion(
            _machine.Image, _machine.Rules, S, VersionSelector.Of(1), Request(Schemas.OrderPlacedWithTotal, ("major", "2")))
            .ShouldBeOk().ShouldBeEmpty();
    }

    [Fact]
    public void ReservedNames_AreNeitherDroppedNorUsed()
    {
        Configure(new SubjectConfigUpdate
        {
            ValidateFields = new(true, true),
            CompatibilityLevel = new(true, CompatibilityLevel.None),
        });
        Register(Schemas.OrderPlaced, ("confluent:reserved", "note, total")).ShouldBeOk();

        var messages = Ask(Schemas.OrderPlacedWithNote, ("confluent:reserved", "note"));

        messages.Count.ShouldBe(3);
        messages[0].ShouldStartWith("{errorType:'RESERVED_PROPERTY_REMOVED'");
        messages[0].ShouldContain("total");
        messages[1].ShouldStartWith("{errorType:'RESERVED_PROPERTY_CONFLICTS_WITH_PROPERTY'");
        messages[1].ShouldContain("note");
        messages[2].ShouldBe("{validateFields: 'true', compatibility: 'NONE'}");
        Register(Schemas.OrderPlacedWithNote, ("confluent:reserved", "note")).ShouldBeRefused().Code.ShouldBe(ErrorCodes.Incompatible);
        Configure(new SubjectConfigUpdate { ValidateFields = new(true, false) });
        Register(Schemas.OrderPlacedWithNote, ("confluent:reserved", "note")).ShouldBeOk();
    }

    [Theory]
    [InlineData("JSON", """{"type":"object","properties":{"kept":{"type":"string"}}}""")]
    [InlineData("PROTOBUF", "syntax = \"proto3\"; message A { string other = 1; } message B { string kept = 1; }")]
    [InlineData("AVRO", """{"type":"record","name":"R","fields":[{"name":"kept","type":"string"}]}""")]
    public void ReservedNames_AreLookedForInEveryLanguage(string schemaType, string text)
    {
        Configure(new SubjectConfigUpdate { ValidateFields = new(true, true) });

        _machine.Submit(new RegisterSchema(S, Request(text, ("confluent:reserved", "kept")) with { SchemaType = schemaType }))
            .ShouldBeRefused().Message.ShouldContain("RESERVED_PROPERTY_CONFLICTS_WITH_PROPERTY");
        _machine.Submit(new RegisterSchema(S, Request(text, ("confluent:reserved", "unused")) with { SchemaType = schemaType })).ShouldBeOk();
    }

    [Fact]
    public void ReservedNames_OfJsonBeginWithTwoDollars()
    {
        var request = Request("""{"type":"object","properties":{"$$id":{"type":"string"}}}""") with { SchemaType = "JSON" };
        _machine.Submit(new RegisterSchema(Subject.Parse("lax"), request)).ShouldBeOk();
        Configure(new SubjectConfigUpdate { ValidateFields = new(true, true) });

        _machine.Submit(new RegisterSchema(S, request)).ShouldBeRefused().ShouldSatisfyAllConditions(
            error => error.Code.ShouldBe(ErrorCodes.InvalidSchema),
            error => error.Message.ShouldContain("'$$id'"));
    }

    [Fact]
    public void Policy_ReachesTheComparison()
    {
        const string date = """{"type":"record","name":"R","fields":[{"name":"at","type":{"type":"int","logicalType":"date"}}]}""";
        const string time = """{"type":"record","name":"R","fields":[{"name":"at","type":{"type":"int","logicalType":"time-millis"}}]}""";
        Register(date).ShouldBeOk();
        Ask(time).ShouldBeEmpty();

        Configure(new SubjectConfigUpdate { CompatibilityPolicy = new(true, CompatibilityPolicy.Logical) });

        Ask(time).ShouldNotBeEmpty();
    }

    private Outcome<SubjectSchema> Register(string text, params (string Key, string Value)[] metadata) =>
        _machine.Submit(new RegisterSchema(S, Request(text, metadata)));

    private IReadOnlyList<string> Ask(string text, params (string Key, string Value)[] metadata) =>
        CompatibilityQuery.AsRegistration(_machine.Image, _machine.Rules, S, Request(text, metadata)).ShouldBeOk();

    private static SchemaRequest Request(string text, params (string Key, string Value)[] metadata) => new()
    {
        Text = text,
        Metadata = metadata.Length == 0
            ? null
            : new Metadata(properties: metadata.Select(pair => KeyValuePair.Create(pair.Key, pair.Value))),
    };

    private void Configure(SubjectConfigUpdate update) => _machine.Submit(new UpdateConfig(S, update)).ShouldBeOk();
}

file static class Told
{
    /// <summary>As the other, with the reason why it should be so.</summary>
    public static T ShouldBeOk<T>(this Outcome<T> outcome, string because)
        where T : notnull
    {
        outcome.Error.ShouldBeNull(because);
        return outcome.ShouldBeOk();
    }

    public static void ShouldBeRefused<T>(this Outcome<T> outcome, string because)
        where T : notnull => outcome.Error.ShouldNotBeNull(because);
}
