using System.Text;
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
        written.Log.ShouldBe(kind is "bind" or "unbind" ? LogName.Contracts : LogName.Schemas);
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
    [InlineData("{", "{}")]
    [InlineData("""{"keytype":"SCHEMA","subject":"s","magic":1}""", "{}")]
    [InlineData("""{"keytype":"SCHEMA","subject":"s","version":1,"magic":1}""", "{}")]
    [InlineData("""{"keytype":"BIND","topic":"t","magic":1}""", """{"topic":"t"}""")]
    public void Read_BrokenRecord_NamesIt(string key, string value) =>
        Should.Throw<RegistryLogException>(() => RecordReader.Read(Raw(key, value))).Message.ShouldContain(key);

    private static RegistryRecord Make(string kind) => kind switch
    {
        "schema" => new SchemaRecord(new SubjectVersion(Orders, 3), new SchemaRecordValue(
            7,
            new SchemaContent(SchemaFormat.Avro, """{"a":"<ü&'>"}""", [new SchemaReference("n", "s", 2)]),
            VersionState.Live)),
        "tombstone" => new SchemaRecord(new SubjectVersion(Subject.Parse(":.dev:orders"), 1), null),
        "config" => new ConfigRecord(
            Orders, new SubjectConfig { CompatibilityLevel = CompatibilityLevel.Full, Normalize = true }),
        "global config" => new ConfigRecord(null, new SubjectConfig { CompatibilityLevel = CompatibilityLevel.None }),
        "mode" => new ModeRecord(Orders, RegistryMode.ReadOnly),
        "global mode gone" => new ModeRecord(null, null),
        "delete subject" => new DeleteSubjectRecord(Orders, 4),
        "clear subject" => new ClearSubjectRecord(Orders),
        "bind" => new BindRecord(
            "orders",
            new SlotContract(SchemaFormat.String, Evolution: EvolutionPolicy.Frozen),
            new SlotContract(SchemaFormat.Avro, "com.acme.OrderPlaced", "orders-value", EvolutionPolicy.Compatible),
            ContractBinding.Explicit,
            At,
            "someone"),
        _ => new UnbindRecord("orders", At, "someone"),
    };

    private static LogRecord Raw(string key, string? value) => new(
        LogName.Schemas, Encoding.UTF8.GetBytes(key), value is null ? null : Encoding.UTF8.GetBytes(value), At);
}
