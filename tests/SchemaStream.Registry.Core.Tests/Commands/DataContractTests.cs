using SchemaStream.Registry.Core.Commands;
using SchemaStream.Registry.Core.DataContracts;
using SchemaStream.Registry.Core.Queries;

namespace SchemaStream.Registry.Core.Tests.Commands;

/// <summary>What is registered with metadata and rules, what is added to it, and when it is known again.</summary>
public sealed class DataContractTests
{
    private static readonly Rule Check = new() { Name = "check", Type = "CEL", Expr = "size(message.id) > 0" };
    private readonly TestMachine _machine = new();

    [Fact]
    public void Register_OtherMetadata_IsAnotherSchema()
    {
        var plain = Register(new SchemaRequest { Text = Schemas.OrderPlaced });

        var owned = Register(new SchemaRequest { Text = Schemas.OrderPlaced, Metadata = Said("owner", "me") });

        (owned.Version, owned.Schema.Id).ShouldBe((2, plain.Schema.Id + 1));
        owned.Schema.Metadata.ShouldBe(Said("owner", "me"));
        Register(new SchemaRequest { Text = Schemas.OrderPlaced, Metadata = Said("owner", "me") }).Version.ShouldBe(2);
        Register(new SchemaRequest { Text = Schemas.OrderPlaced }).Version.ShouldBe(1, "as it was sent it is the first");
    }

    [Fact]
    public void Register_WithoutMetadataAndRules_InheritsTheLatestVersions()
    {
        Register(new SchemaRequest
        {
            Text = Schemas.OrderPlaced,
            Metadata = Said("owner", "me"),
            RuleSet = new RuleSet { DomainRules = [Check] },
        });

        var next = Register(new SchemaRequest { Text = Schemas.OrderPlacedWithNote });

        next.Schema.Metadata.ShouldBe(Said("owner", "me"));
        next.Schema.RuleSet!.DomainRules.ShouldBe([Check]);
        Register(new SchemaRequest { Text = Schemas.OrderPlacedWithNote }).Version.ShouldBe(2);
        Register(new SchemaRequest { Text = Schemas.OrderPlacedWithNote, Metadata = new Metadata() })
            .Version.ShouldBe(3, "who says that there is nothing to say inherits nothing");
    }

    [Fact]
    public void Register_WithoutText_ChangesMetadataAlone()
    {
        Register(new SchemaRequest { Text = Schemas.OrderPlaced });

        var owned = Register(new SchemaRequest { Metadata = Said("owner", "me") });

        (owned.Version, owned.Schema.Text).ShouldBe((2, Schemas.OrderPlaced));
    }

    [Fact]
    public void Register_ConfiguredMetadata_GoesUnderAndOver()
    {
        Configure("s", new SubjectConfigUpdate
        {
            DefaultMetadata = new(true, Said(("owner", "nobody"), ("team", "core"))),
            OverrideMetadata = new(true, Said("zone", "eu")),
            DefaultRuleSet = new(true, new RuleSet { DomainRules = [Check] }),
            OverrideRuleSet = new(true, new RuleSet { EncodingRules = [new Rule { Name = "zip", Type = "GZIP" }] }),
        });

        var registered = Register(new SchemaRequest
        {
            Text = Schemas.OrderPlaced,
            Metadata = Said(("owner", "me"), ("zone", "us")),
        });

        registered.Schema.Metadata.ShouldBe(Said(("owner", "me"), ("team", "core"), ("zone", "eu")));
        registered.Schema.RuleSet!.DomainRules.Length.ShouldBe(1);
        registered.Schema.RuleSet.EncodingRules.Length.ShouldBe(1);
        Register(new SchemaRequest { Text = Schemas.OrderPlaced, Metadata = Said(("owner", "me"), ("zone", "us")) })
            .Version.ShouldBe(1, "what would be stored is stored already");
        Register(new SchemaRequest { Text = Schemas.OrderPlaced }).Version.ShouldBe(1, "the latest's metadata, merged, is its own");
    }

    [Fact]
    public void Register_WithAVersion_SaysItInTheMetadata()
    {
        var first = Register(new SchemaRequest { Text = Schemas.OrderPlaced, Version = 1 });

        first.Schema.Metadata!.Version.ShouldBe(1);
        Register(new SchemaRequest { Text = Schemas.OrderPlaced, Version = -1 }).Version.ShouldBe(1, "it is the latest");
        Register(new SchemaRequest { Text = Schemas.OrderPlaced }).Version.ShouldBe(1, "the version is no difference");
        var second = Register(new SchemaRequest { Text = Schemas.OrderPlacedWithNote });
        second.Schema.Metadata!.Version.ShouldBe(2, "whoever began to say it goes on saying it");
        Register(new SchemaRequest { Text = Schemas.OrderPlaced, Version = -1 })
            .Version.ShouldBe(3, "-1 asks for the latest, and that is another");
    }

    [Fact]
    public void Register_SayingTheVersionThatItIs_IsKnown()
    {
        Register(new SchemaRequest { Text = Schemas.OrderPlaced });
        Register(new SchemaRequest { Text = Schemas.OrderPlacedWithNote });

        Register(new SchemaRequest { Text = Schemas.OrderPlaced, Metadata = Metadata.WithVersion(null, 1) }).Version.ShouldBe(1);
        Register(new SchemaRequest { Text = Schemas.OrderPlaced, Metadata = Metadata.WithVersion(null, 2) })
            .Version.ShouldBe(3, "version 2 is something else");
    }

    [Fact]
    public void Register_WithReferencesWrittenOut_IsKnown()
    {
        _machine.Register("customer", Schemas.Record("Customer", Schemas.Required("name")));
        _machine.Register(
            "s", Schemas.Record("Order", Schemas.Required("by", "Customer")), new SchemaReference("com.acme.Customer", "customer", 1));
        var resolved = Schemas.Record(
            "Order", $$"""{"name":"by","type":{{Schemas.Record("Customer", Schemas.Required("name"))}}}""");

        Register(new SchemaRequest { Text = resolved }).Version.ShouldBe(1);
        LookUp(new SchemaRequest { Text = resolved }).ShouldBeOk().Version.ShouldBe(1);
    }

    [Fact]
    public void Register_KnownContentWhereNobodyWrites_IsFound()
    {
        Register(new SchemaRequest { Text = Schemas.OrderPlaced, Metadata = Said("owner", "me") });
        _machine.Submit(new SetMode(Subject.Parse("s"), RegistryMode.ReadOnly)).ShouldBeOk();

        Register(new SchemaRequest { Text = Schemas.OrderPlaced }).Version.ShouldBe(1);
        _machine.Submit(new RegisterSchema(Subject.Parse("s"), new SchemaRequest { Metadata = Said("owner", "you") }))
            .ShouldBeRefused().Code.ShouldBe(ErrorCodes.OperationNotPermitted);
    }

    [Fact]
    public void Register_BadRules_IsRefused() =>
        _machine.Submit(new RegisterSchema(Subject.Parse("s"), new SchemaRequest
        {
            Text = Schemas.OrderPlaced,
            RuleSet = new RuleSet { DomainRules = [Check, Check] },
        })).ShouldBeRefused().Code.ShouldBe(ErrorCodes.InvalidRuleSet);

    [Fact]
    public void LookUp_WithoutMetadata_TriesTheLatestVersions()
    {
        Register(new SchemaRequest { Text = Schemas.OrderPlaced, Metadata = Said("owner", "me") });

        LookUp(new SchemaRequest { Text = Schemas.OrderPlaced }).ShouldBeOk().Version.ShouldBe(1);
        LookUp(new SchemaRequest { Text = Schemas.OrderPlaced, Metadata = Said("owner", "you") })
            .ShouldBeRefused().Code.ShouldBe(ErrorCodes.SchemaNotFound);
    }

    [Fact]
    public void Import_KeepsMetadataAndRulesAsTheyCome()
    {
        Configure("s", new SubjectConfigUpdate { OverrideMetadata = new(true, Said("zone", "eu")) });
        _machine.Submit(new SetMode(Subject.Parse("s"), RegistryMode.Import)).ShouldBeOk();

        var imported = Register(new SchemaRequest
        {
            Text = Schemas.OrderPlaced,
            Id = 7,
            Version = 3,
            Metadata = Said("zone", "us"),
            RuleSet = new RuleSet { DomainRules = [Check] },
        });

        imported.Schema.Metadata.ShouldBe(Said("zone", "us"));
        imported.Schema.RuleSet!.DomainRules.ShouldBe([Check]);
    }

    [Fact]
    public void Tag_OtherRules_RegistersTheVersionAgain()
    {
        Register(new SchemaRequest { Text = Schemas.OrderPlaced, RuleSet = new RuleSet { DomainRules = [Check] } });

        var tagged = Tag(new TagChanges
        {
            NewVersion = 2,
            Metadata = Said("owner", "me"),
            RulesToMerge = new RuleSet { DomainRules = [new Rule { Name = "other", Type = "CEL" }] },
            RulesToRemove = ["check"],
        }).ShouldBeOk();

        tagged.Version.ShouldBe(2);
        tagged.Schema.Metadata.ShouldBe(Said(("owner", "me"), ("confluent:version", "2")));
        tagged.Schema.RuleSet!.DomainRules.Select(rule => rule.Name).ShouldBe(["other"]);
        Tag(new TagChanges { NewVersion = 7 }).ShouldBeRefused().Code.ShouldBe(ErrorCodes.InvalidSchema);
        Tag(new TagChanges { RuleSet = new RuleSet(), RulesToRemove = [] }).ShouldBeRefused().Code.ShouldBe(ErrorCodes.InvalidRuleSet);
        Tag(new TagChanges()).ShouldBeOk().Version.ShouldBe(3, "whichever is next");
    }

    [Fact]
    public void Register_WithTags_WritesThemIntoTheText()
    {
        EntityTags pii = new("com.acme.OrderPlaced.id", SchemaEntityType.Field, ["PII"]);

        var tagged = Register(new SchemaRequest { Text = Schemas.OrderPlaced, TagsToAdd = [pii] });

        tagged.Schema.Text.ShouldContain("\"confluent:tags\":[\"PII\"]");
        tagged.Schema.Metadata!.Version.ShouldBe(1, "whoever changes tags gets a version that says its number");
        Register(new SchemaRequest { Text = Schemas.OrderPlacedWithNote, TagPropagation = TagPropagation.FromLatest })
            .Schema.Text.ShouldContain("\"confluent:tags\":[\"PII\"]");
        Register(new SchemaRequest { Text = Schemas.OrderPlacedWithNote }).Schema.Text.ShouldNotContain("confluent:tags");
        var untagged = _machine.Submit(new TagSchema(
            Subject.Parse("s"), VersionSelector.Of(2), new TagChanges { TagsToRemove = [pii] })).ShouldBeOk();
        untagged.Schema.Text.ShouldBe(Schemas.OrderPlacedWithNote);
    }

    [Fact]
    public void Restart_KeepsMetadataRulesAndConfiguration()
    {
        Configure("s", new SubjectConfigUpdate { DefaultMetadata = new(true, Said("team", "core")) });
        var registered = Register(new SchemaRequest
        {
            Text = Schemas.OrderPlaced,
            Metadata = new Metadata([new("Order.id", ["PII"])], [new("owner", "me")], ["owner"]),
            RuleSet = new RuleSet { DomainRules = [Check], EnableAt = RuleEnvironment.Server },
        });

        var restarted = _machine.Restarted().Subject(Subject.Parse("s"));

        restarted.Latest!.Schema.Guid.ShouldBe(registered.Schema.Guid);
        restarted.Latest.Schema.Metadata.ShouldBe(registered.Schema.Metadata);
        restarted.Latest.Schema.RuleSet.ShouldBe(registered.Schema.RuleSet);
        restarted.Config.ShouldBe(_machine.Image.Subject(Subject.Parse("s")).Config);
    }

    private SubjectSchema Register(SchemaRequest request) =>
        _machine.Submit(new RegisterSchema(Subject.Parse("s"), request)).ShouldBeOk();

    private Outcome<SubjectSchema> LookUp(SchemaRequest request) =>
        SchemaLookup.ByContent(_machine.Image, _machine.Rules, Subject.Parse("s"), request, Visibility.Live);

    private Outcome<SubjectSchema> Tag(TagChanges changes) =>
        _machine.Submit(new TagSchema(Subject.Parse("s"), VersionSelector.Of(1), changes));

    private void Configure(string subject, SubjectConfigUpdate update) =>
        _machine.Submit(new UpdateConfig(Subject.Parse(subject), update)).ShouldBeOk();

    private static Metadata Said(string key, string value) => Said((key, value));

    private static Metadata Said(params (string Key, string Value)[] pairs) =>
        new(properties: pairs.Select(pair => KeyValuePair.Create(pair.Key, pair.Value)));
}
