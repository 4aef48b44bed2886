using System.Text;
using SchemaStream.Registry.Core.Compatibility;
using SchemaStream.Registry.Core.DataContracts;
using SchemaStream.Registry.Core.Records;

namespace SchemaStream.Registry.Core.Tests.Records;

/// <summary>Bytes of the log, frozen: other registries read them, and so does every later version of this one.</summary>
public sealed class RecordLayoutTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly Subject Orders = Subject.Parse("orders-value");

    public static TheoryData<string, string, string?> Golden() => new()
    {
        {
            "schema",
            """{"keytype":"SCHEMA","subject":"orders-value","version":3,"magic":1}""",
            """{"subject":"orders-value","version":3,"id":7,"schemaType":"AVRO","references":[{"name":"n","subject":"s","version":2}],"schema":"{\"a\":\"<ü&'>\"}","deleted":false}"""
        },
        {
            "schema with everything",
            """{"keytype":"SCHEMA","subject":"orders-value","version":1,"magic":1}""",
            """{"subject":"orders-value","version":1,"id":8,"schemaType":"JSON","metadata":{"tags":{"a":["x","z"],"b":["y"]},"properties":{"owner":"me"},"sensitive":["owner"]},"ruleSet":{"migrationRules":[{"name":"up","kind":"TRANSFORM","mode":"UPGRADE","type":"JSONATA","disabled":false}],"domainRules":[{"name":"check","doc":"why","kind":"CONDITION","mode":"WRITEREAD","type":"CEL","tags":["PII"],"params":{"k":"v"},"expr":"a > 1","onSuccess":"NONE","onFailure":"ERROR,NONE","disabled":true}],"encodingRules":[{"name":"zip","kind":"TRANSFORM","mode":"WRITEREAD","type":"GZIP","disabled":false}],"enableAt":"CLIENT"},"schema":"{}","deleted":true}"""
        },
        {
            "schema that says nothing more",
            """{"keytype":"SCHEMA","subject":"orders-value","version":2,"magic":1}""",
            """{"subject":"orders-value","version":2,"id":9,"schemaType":"PROTOBUF","metadata":{},"ruleSet":{},"schema":"syntax = \"proto3\";\n","deleted":false}"""
        },
        {
            "config with everything",
            """{"keytype":"CONFIG","subject":"orders-value","magic":0}""",
            """{"subject":"orders-value","alias":"other","aliasForDeks":"deks","normalize":false,"validateFields":true,"validateNewSchemas":false,"validateRules":true,"compatibilityLevel":"FULL_TRANSITIVE","compatibilityPolicy":"LENIENT","compatibilityGroup":"major","defaultMetadata":{"properties":{"a":"1"}},"overrideMetadata":{"properties":{"b":"2"}},"defaultRuleSet":{"enableAt":"NONE"},"overrideRuleSet":{"enableAt":"ALL"}}"""
        },
        { "tombstone", """{"keytype":"SCHEMA","subject":":.dev:orders","version":1,"magic":1}""", null },
        {
            "config",
            """{"keytype":"CONFIG","subject":"orders-value","magic":0}""",
            """{"subject":"orders-value","normalize":true,"compatibilityLevel":"FULL"}"""
        },
        { "global config", """{"keytype":"CONFIG","magic":0}""", """{"compatibilityLevel":"NONE"}""" },
        { "mode", """{"keytype":"MODE","subject":"orders-value","magic":0}""", """{"subject":"orders-value","mode":"READONLY"}""" },
        { "global mode gone", """{"keytype":"MODE","magic":0}""", null },
        {
            "delete subject",
            """{"keytype":"DELETE_SUBJECT","subject":"orders-value","magic":0}""",
            """{"subject":"orders-value","version":4}"""
        },
        { "clear subject", """{"keytype":"CLEAR_SUBJECT","subject":"orders-value","magic":0}""", """{"subject":"orders-value"}""" },
        {
            "bind",
            """{"keytype":"BIND","topic":"orders","magic":1}""",
            """{"topic":"orders","key":{"format":"string","evolution":"FROZEN"},"value":{"format":"AVRO","type":"com.acme.OrderPlaced","subject":"orders-value","evolution":"COMPATIBLE"},"binding":"EXPLICIT","at":"2026-01-02T03:04:05.0000000+00:00","by":"someone"}"""
        },
        {
            "bind a successor",
            """{"keytype":"BIND","topic":"orders.v2","magic":1}""",
            """{"topic":"orders.v2","value":{"format":"AVRO","type":"com.acme.A,com.acme.B","subject":"orders.v2-value","evolution":"COMPATIBLE"},"binding":"EXPLICIT","at":"2026-01-02T03:04:05.0000000+00:00","by":"someone","predecessor":"orders"}"""
        },
        {
            "association",
            """{"keytype":"ASSOC","tenant":"default","resourceName":"orders","resourceNamespace":"lkc-1","resourceType":"topic","associationType":"value","subject":":.lkc-1:orders-value","magic":0}""",
            """{"guid":"0d3bf5c2-8f5c-4b22-9f1e-3f3a1a7f2c11","tenant":"default","resourceName":"orders","resourceNamespace":"lkc-1","resourceId":"id-1","resourceType":"topic","associationType":"value","subject":":.lkc-1:orders-value","lifecycle":"STRONG","frozen":true}"""
        },
        {
            "association gone",
            """{"keytype":"ASSOC","tenant":"default","resourceName":"orders","resourceNamespace":"-","resourceType":"topic","associationType":"key","subject":"ids","magic":0}""",
            null
        },
        {
            "unbind",
            """{"keytype":"UNBIND","topic":"orders","magic":1}""",
            """{"topic":"orders","at":"2026-01-02T03:04:05.0000000+00:00","by":"someone"}"""
        },
    };

    [Theory]
    [MemberData(nameof(Golden))]
    public void Write_EveryKind_HasItsFrozenBytes(string kind, string key, string? value)
    {
        var written = RecordWriter.Write(Make(kind), At);

        Encoding.UTF8.GetString(written.Key).ShouldBe(key);
        (written.Value is null ? null : Encoding.UTF8.GetString(written.Value)).ShouldBe(value);
        written.Log.ShouldBe(kind is "bind" or "bind a successor" or "unbind" ? LogName.Contracts : LogName.Schemas);
    }

    [Theory]
    [MemberData(nameof(Golden))]
    public void Read_EveryKind_GivesTheFactBack(string kind, string key, string? value)
    {
        var fact = RecordReader.Read(Raw(key, value)).ShouldNotBeNull();

        fact.ShouldBeOfType(Make(kind).GetType());
        var written = RecordWriter.Write(fact, At);
        Encoding.UTF8.GetString(written.Key).ShouldBe(key);
        (written.Value is null ? null : Encoding.UTF8.GetString(written.Value)).ShouldBe(value);
    }

    [Fact]
    public void Read_RecordsOfOthers_IsTolerant()
    {
        var old = RecordReader.Read(Raw(
            """{"magic":0,"version":1,"subject":"s","keytype":"SCHEMA"}""",
            """{"schema":"\"int\"","id":5,"version":1,"subject":"s","offset":12,"ts":1}""")).ShouldBeOfType<SchemaRecord>();
        old.Value!.Content.Format.ShouldBe(SchemaFormat.Avro);
        old.Value.State.ShouldBe(VersionState.Live);
        RecordReader.Read(Raw("""{"keytype":"CONFIG","subject":null,"magic":0}""", """{"compatibilityLevel":"FULL"}"""))
            .ShouldBeOfType<ConfigRecord>().Subject.ShouldBeNull();
        RecordReader.Read(Raw("""{"keytype":"NOOP","magic":0}""", null)).ShouldBeNull();
        RecordReader.Read(Raw("""{"keytype":"CONTEXT","tenant":"default","context":".c","magic":0}""", """{"tenant":"default"}"""))
            .ShouldBe(new ContextRecord(".c", ContextPresence.Listed));
        RecordReader.Read(Raw("""{"keytype":"SCHEMA","subject":"s","version":1,"magic":1}""", "null"))
            .ShouldBeOfType<SchemaRecord>().Value.ShouldBeNull();
    }

    [Theory]
    [InlineData("plain-ü-\u4e2d-<&'+>", "plain-ü-\u4e2d-<&'+>")]
    [InlineData("zero\u200bwidth \u2028 \ue000 \u007f", "zero\u200bwidth \u2028 \ue000 \u007f")]
    [InlineData("\U0001F600", "\\uD83D\\uDE00")]
    [InlineData("\"\\/", "\\\"\\\\/")]
    [InlineData("\b\t\n\f\r\u001b", "\\b\\t\\n\\f\\r\\u001B")]
    public void Write_Text_EscapesWhatConfluentEscapes(string text, string json)
    {
        var written = RecordWriter.Write(
            new SchemaRecord(new SubjectVersion(Subject.Parse(text), 1), new SchemaRecordValue(
                1, new SchemaContent(SchemaFormat.Avro, text, [], new Metadata(properties: [new(text, text)])), VersionState.Live)),
            At);

        Encoding.UTF8.GetString(written.Key).ShouldBe("{\"keytype\":\"SCHEMA\",\"subject\":\"" + json + "\",\"version\":1,\"magic\":1}");
        Encoding.UTF8.GetString(written.Value!).ShouldContain("{\"properties\":{\"" + json + "\":\"" + json + "\"}},\"schema\":\"" + json + "\"");
        var back = RecordReader.Read(written).ShouldBeOfType<SchemaRecord>();
        (back.Key.Subject.ToString(), back.Value!.Content.Text).ShouldBe((text, text));
    }

    [Fact]
    public void Read_EncryptedMetadata_TakesTheIdentityAsStated()
    {
        const string value =
            """{"subject":"s","version":1,"id":5,"md5":"AAECAwQFBgcICQoLDA0ODw==","schemaType":"AVRO","metadata":{"properties":{"__enc__":"true","secret":"x8="}},"schema":"\"int\"","deleted":false}""";
        var record = RecordReader.Read(Raw("""{"keytype":"SCHEMA","subject":"s","version":1,"magic":1}""", value))
            .ShouldBeOfType<SchemaRecord>();

        record.Value!.Content.Guid.ShouldBe(Guid.Parse("00010203-0405-0607-0809-0a0b0c0d0e0f"));
        Encoding.UTF8.GetString(RecordWriter.Write(record, At).Value!).ShouldBe(value);
    }

    [Fact]
    public void Read_SchemasOfOthers_TakesTheirOrderAndPassesOverTheRest()
    {
        var record = RecordReader.Read(Raw(
            """{"version":4,"extra":{"keytype":"X","version":9},"magic":0,"keytype":"SCHEMA","subject":null}""",
            """{"deleted":null,"ts":17,"schemaTags":[{"id":3}],"ruleSet":null,"metadata":{"properties":{"p":"v"},"new":[1]},"references":[{"version":2,"name":"n","subject":"s","more":0}],"md5":"q83v","schemaType":null,"schema":"\u0022int\u0022","id":5,"version":4,"offset":1}"""))
            .ShouldBeOfType<SchemaRecord>();

        record.Key.ShouldBe(new SubjectVersion(Subject.Parse(""), 4));
        record.Value!.Content.Text.ShouldBe("\"int\"");
        record.Value.Content.References.ShouldBe([new SchemaReference("n", "s", 2)]);
        record.Value.Content.Metadata.ShouldBe(new Metadata(properties: [new("p", "v")]));
        record.Value.Content.RuleSet.ShouldBeNull();
        record.Value.State.ShouldBe(VersionState.Live);
    }

    [Theory]
    [InlineData("{", "{}")]
    [InlineData("""{"keytype":"SCHEMA","subject":"s","magic":1}""", "{}")]
    [InlineData("""{"keytype":"SCHEMA","subject":"s","version":1,"magic":1}""", "{}")]
    [InlineData("""{"keytype":"SCHEMA","subject":"s","version":1,"magic":1}""", "[1]")]
    [InlineData("""{"keytype":"SCHEMA","subject":"s","version":1,"magic":1}""", """{"id":1,"schema":"x","schemaType":"XML"}""")]
    [InlineData("""{"keytype":"SCHEMA","subject":"s","version":1,"magic":1}""", """{"id":"1","schema":"x"}""")]
    [InlineData("""{"keytype":"SCHEMA","subject":"s","version":1,"magic":1}""", """{"id":1,"schema":"x","ruleSet":{"domainRules":[{"kind":"ODD"}]}}""")]
    [InlineData("""{"keytype":"BIND","topic":"t","magic":1}""", """{"topic":"t"}""")]
    public void Read_BrokenRecord_NamesIt(string key, string value) =>
        Should.Throw<RegistryLogException>(() => RecordReader.Read(Raw(key, value))).Message.ShouldContain(key);

    /// <summary>A log that was damaged, or that others wrote into, is refused by name: never by a crash.</summary>
    [Fact]
    public void Read_DamagedRecords_AreFactsOrAreNamed()
    {
        var random = new Random(5);
        var kinds = Golden().Select(row => (Key: (string)row[1], Value: (string?)row[2])).ToArray();
        var (read, refused) = (0, 0);
        for (var n = 0; n < 20_000; n++)
        {
            var (key, value) = kinds[random.Next(kinds.Length)];
            var damaged = n % 4 == 0 ? Raw(Damage(key, random), value) : Raw(key, value is null ? null : Damage(value, random));
            try
            {
                RecordReader.Read(damaged);
                read++;
            }
            catch (RegistryLogException named)
            {
                named.Message.ShouldContain("cannot be read");
                refused++;
            }
        }

        read.ShouldBeGreaterThan(1000);
        refused.ShouldBeGreaterThan(1000);
    }

    private static string Damage(string json, Random random)
    {
        const string symbols = "{}[]\",:0-1e9.ntf\\u d\u00e9\ud83d";
        var text = new StringBuilder(json);
        for (var change = random.Next(1, 4); change > 0 && text.Length > 1; change--)
        {
            var at = random.Next(text.Length);
            switch (random.Next(3))
            {
                case 0:
                    text[at] = symbols[random.Next(symbols.Length)];
                    break;
                case 1:
                    text.Remove(at, Math.Min(random.Next(1, 12), text.Length - at));
                    break;
                default:
                    text.Insert(at, symbols[random.Next(symbols.Length)]);
                    break;
            }
        }

        return text.ToString();
    }

    private static RegistryRecord Make(string kind) => kind switch
    {
        "schema" => new SchemaRecord(new SubjectVersion(Orders, 3), new SchemaRecordValue(
            7,
            new SchemaContent(SchemaFormat.Avro, """{"a":"<ü&'>"}""", [new SchemaReference("n", "s", 2)]),
            VersionState.Live)),
        "schema with everything" => new SchemaRecord(new SubjectVersion(Orders, 1), new SchemaRecordValue(
            8,
            new SchemaContent(
                SchemaFormat.Json,
                "{}",
                [],
                new Metadata([new("b", ["y"]), new("a", ["z", "x"])], [new("owner", "me")], ["owner"]),
                AllRules()),
            VersionState.SoftDeleted)),
        "schema that says nothing more" => new SchemaRecord(new SubjectVersion(Orders, 2), new SchemaRecordValue(
            9,
            new SchemaContent(SchemaFormat.Protobuf, "syntax = \"proto3\";\n", [], new Metadata(), new RuleSet()),
            VersionState.Live)),
        "config with everything" => new ConfigRecord(Orders, new SubjectConfig
        {
            Alias = "other",
            AliasForDeks = "deks",
            Normalize = false,
            ValidateFields = true,
            ValidateNewSchemas = false,
            ValidateRules = true,
            CompatibilityLevel = CompatibilityLevel.FullTransitive,
            CompatibilityPolicy = CompatibilityPolicy.Lenient,
            CompatibilityGroup = "major",
            DefaultMetadata = new Metadata(properties: [new("a", "1")]),
            OverrideMetadata = new Metadata(properties: [new("b", "2")]),
            DefaultRuleSet = new RuleSet { EnableAt = RuleEnvironment.None },
            OverrideRuleSet = new RuleSet { EnableAt = RuleEnvironment.All },
        }),
        "association" => new AssociationRecord(
            new AssociationKey("orders", "lkc-1", "topic", "value", Subject.Parse(":.lkc-1:orders-value")),
            new AssociationValue("0d3bf5c2-8f5c-4b22-9f1e-3f3a1a7f2c11", "id-1", AssociationLifecycle.Strong, Frozen: true)),
        "association gone" => new AssociationRecord(new AssociationKey("orders", "-", "topic", "key", Subject.Parse("ids")), null),
        "tombstone" => new SchemaRecord(new SubjectVersion(Subject.Parse(":.dev:orders"), 1), null),
        "config" => new ConfigRecord(
            Orders, new SubjectConfig { CompatibilityLevel = CompatibilityLevel.Full, Normalize = true }),
        "global config" => new ConfigRecord(null, new SubjectConfig { CompatibilityLevel = CompatibilityLevel.None }),
        "mode" => new ModeRecord(Orders, RegistryMode.ReadOnly),
        "global mode gone" => new ModeRecord(null, null),
        "delete subject" => new DeleteSubjectRecord(Orders, 4),
        "clear subject" => new ClearSubjectRecord(Orders),
        "bind a successor" => new BindRecord(
            "orders.v2",
            null,
            new SlotContract(SchemaFormat.Avro, "com.acme.A,com.acme.B", "orders.v2-value", EvolutionPolicy.Compatible),
            ContractBinding.Explicit,
            At,
            "someone")
        {
            Predecessor = "orders",
        },
        "bind" => new BindRecord(
            "orders",
            new SlotContract(SchemaFormat.String, Evolution: EvolutionPolicy.Frozen),
            new SlotContract(SchemaFormat.Avro, "com.acme.OrderPlaced", "orders-value", EvolutionPolicy.Compatible),
            ContractBinding.Explicit,
            At,
            "someone"),
        _ => new UnbindRecord("orders", At, "someone"),
    };

    private static RuleSet AllRules() => new()
    {
        MigrationRules = [new Rule { Name = "up", Mode = RuleMode.Upgrade, Type = "JSONATA" }],
        DomainRules =
        [
            new Rule
            {
                Name = "check",
                Doc = "why",
                Kind = RuleKind.Condition,
                Type = "CEL",
                Tags = ["PII"],
                Params = new Metadata(properties: [new("k", "v")]).Properties,
                Expr = "a > 1",
                OnSuccess = "NONE",
                OnFailure = "ERROR,NONE",
                Switch = RuleSwitch.Off,
            },
        ],
        EncodingRules = [new Rule { Name = "zip", Type = "GZIP" }],
        EnableAt = RuleEnvironment.Client,
    };

    private static LogRecord Raw(string key, string? value) => new(
        LogName.Schemas, Encoding.UTF8.GetBytes(key), value is null ? null : Encoding.UTF8.GetBytes(value), At);
}
