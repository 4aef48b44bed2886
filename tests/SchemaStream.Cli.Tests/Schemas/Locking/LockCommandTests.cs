using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SchemaStream.Analyzers.Locks;
using SchemaStream.Avro;
using SchemaStream.Cli.Schemas.Locking;
using SchemaStream.Cli.Tests.Protos;
using SchemaStream.Json;

namespace SchemaStream.Cli.Tests.Schemas.Locking;

/// <summary><c>schemastream schemas lock</c> over this very assembly.</summary>
public sealed class LockCommandTests : IDisposable
{
    private static readonly string Program = typeof(LockCommandTests).Assembly.Location;

    private readonly string _folder = Directory.CreateTempSubdirectory("schemastream-lock-").FullName;

    private string LockFile => Path.Combine(_folder, "schemas.lock");

    [Fact]
    public void Lock_HasEachTopicsSlotsAndEachContract()
    {
        Run().Exit.ShouldBe(0);

        var entries = SchemaLock.Read(File.ReadAllText(LockFile)).ToDictionary(entry => entry.Name);
        entries["lock-test/key"].Compatibility.ShouldBe("FROZEN");
        entries["lock-test/key"].Type.ShouldBe("SchemaStream.Cli.Tests.Schemas.Locking.LockCommandTests+Place");
        entries["lock-test/value"].Compatibility.ShouldBe("BACKWARD");
        entries["lock-test/value"].Type.ShouldBe(
            "SchemaStream.Cli.Tests.Schemas.Locking.LockedPage<SchemaStream.Cli.Tests.Schemas.Locking.LockCommandTests+Place>");
        var alone = entries["SchemaStream.Cli.Tests.Schemas.Locking.LockCommandTests+Alone"];
        alone.Topic.ShouldBeNull();
        alone.Schema.ShouldContain("""{"name": "Count", "type": "int"}""");
        entries.Keys.ShouldNotContain(name => name.Contains("Primitive", StringComparison.Ordinal));
    }

    [Fact]
    public void Lock_KeepsTheLevelsThatTheFileHas()
    {
        Run();
        File.WriteAllText(LockFile, File.ReadAllText(LockFile).Replace("\"BACKWARD\"", "\"FULL\"", StringComparison.Ordinal).Replace("Count", "Former", StringComparison.Ordinal));

        Run(isForced: true).Exit.ShouldBe(0);

        var text = File.ReadAllText(LockFile);
        text.ShouldContain("\"FULL\"");
        text.ShouldNotContain("\"BACKWARD\"");
        text.ShouldContain("Count");
    }

    [Fact]
    public void Check_FailsWhereTheFileIsNotUpToDateAndWritesNothing()
    {
        Run(isCheck: true).Exit.ShouldBe(1);
        File.Exists(LockFile).ShouldBeFalse();
        Run();

        var (exit, output, errors) = Run(isCheck: true);

        exit.ShouldBe(0, errors);
        output.ShouldContain("is up to date");
    }

    [Fact]
    public void Lock_HasTopicsOfJsonAndProtobuf()
    {
        Run().Exit.ShouldBe(0);

        var entries = SchemaLock.Read(File.ReadAllText(LockFile)).ToDictionary(entry => entry.Name);
        var json = entries["lock-test-json/value"];
        (json.Format, json.Compatibility, json.Type).ShouldBe(("JSON", "BACKWARD", typeof(Visit).FullName!));
        json.Schema.ShouldContain("\"page_name\": {\"type\": \"string\"},\n", customMessage: "as the settings of the class with the topic name it");
        var protobuf = entries["lock-test-protobuf/value"];
        (protobuf.Format, protobuf.Message, protobuf.Type).ShouldBe(("PROTOBUF", "shop.Shipment", typeof(Shipment).FullName!));
        protobuf.Schema.ShouldContain("  string receiver = 1;\n");
        protobuf.References.ShouldHaveSingleItem().Name.ShouldBe("shop/money.proto");
        protobuf.References[0].Text.ShouldContain("int64 units = 1;");
    }

    [Fact]
    public void JsonMember_ThatOldDataLacks_IsAnErrorAtTheMember()
    {
        Promise("\"page_name\": {\"type\": \"string\"},", "");
        File.WriteAllText(LockFile, File.ReadAllText(LockFile).Replace("[\"page_name\", \"steps\"]", "[\"steps\"]", StringComparison.Ordinal));

        var (exit, _, errors) = Run(isBreakingOnly: true);

        exit.ShouldBe(4);
        errors.ShouldContain(
            $"{PlaceOf("string PageName, ")}: error SST101: REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL: the new schema requires a property without a default " +
            "that the old schema does not have (path '#/properties/page_name'). The contract lock-test-json/value is BACKWARD: give the member a default " +
            "(an optional constructor parameter, and no 'required'), or keep it as it was.");
    }

    [Fact]
    public void JsonMember_WithinAListWhoseTypeChanged_IsAnErrorAtIt()
    {
        Promise("\"count\": {\"type\": \"integer\"}", "\"count\": {\"type\": \"string\"}");

        Run(isCheck: true).Errors.ShouldContain($"{PlaceOf("int Count, int? Seconds")}: error SST101: TYPE_CHANGED");
    }

    [Fact]
    public void ProtobufField_WhoseTypeChanged_IsAnErrorAtIt()
    {
        Promise("int32 grams = 1;", "string grams = 1;");

        var (exit, _, errors) = Run();

        exit.ShouldBe(4);
        errors.ShouldMatch(@"Shipment\.cs\(\d+,\d+\): error SST101: FIELD_SCALAR_KIND_CHANGED: .*#/Shipment/Box/1.*keep the field's number");
        errors.ShouldContain("--force");
        File.ReadAllText(LockFile).ShouldContain("string grams = 1;");
        Run(isForced: true).Exit.ShouldBe(0);
        File.ReadAllText(LockFile).ShouldContain("int32 grams = 1;");
    }

    [Fact]
    public void CompatibleChange_PassesWhereOnlyBreakingOnesCount()
    {
        Promise("\"seconds\": {\"type\": [\"integer\", \"null\"], \"default\": null}", "\"seconds\": {\"type\": \"integer\", \"default\": 0}");

        var (exit, output, errors) = Run(isBreakingOnly: true);

        exit.ShouldBe(0, errors);
        output.ShouldContain("The schema of lock-test-json/value changed in a compatible way");
        Run(isCheck: true).Exit.ShouldBe(1);
        Run().Exit.ShouldBe(0);
        Run(isCheck: true).Exit.ShouldBe(0);
    }

    [Fact]
    public void OtherType_OfATopicsOrOfAKeys_IsAnError()
    {
        Promise("\"title\": \"Visit\"", "\"title\": \"Call\"");
        Run(isBreakingOnly: true).Errors.ShouldContain(
            "error SST102: The contract lock-test-json/value carries JSON Call, the code now says JSON Visit. A topic's type never changes: keep the type's name");
        File.Delete(LockFile);

        Promise("\"message\": \"shop.Shipment\"", "\"message\": \"shop.Box\"");
        Run(isBreakingOnly: true).Errors.ShouldContain("carries PROTOBUF shop.Box, the code now says PROTOBUF shop.Shipment");
        File.Delete(LockFile);

        Promise("{\"name\": \"City\", \"type\": \"string\"}", "{\"name\": \"City\", \"type\": \"string\", \"default\": \"\"}");
        Run(isBreakingOnly: true).Errors.ShouldContain("error SST106: The contract lock-test/key is FROZEN");
    }

    [Fact]
    public void TopicWhoseSchemaOnlyTheProgramKnows_IsSaidAndLeftOut()
    {
        var (exit, _, errors) = Run();

        exit.ShouldBe(0);
        errors.ShouldContain("not locked: lock-test-foreign/value: ");
        File.ReadAllText(LockFile).ShouldNotContain("lock-test-foreign");
    }

    [Fact]
    public void LibraryOfContracts_NeedsNoSerializersBesideIt()
    {
        const string Code = """
            public static class Topics
            {
                public static readonly SchemaStream.Topic<string, Google.Protobuf.WellKnownTypes.Timestamp> Ticks =
                    SchemaStream.Topic.Protobuf<string, Google.Protobuf.WellKnownTypes.Timestamp>("ticks");
            }
            """;
        var library = Path.Combine(_folder, "contracts.dll");
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path));
        CSharpCompilation.Create(
            "contracts", [CSharpSyntaxTree.ParseText(Code)], references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary))
            .Emit(library).Success.ShouldBeTrue();
        File.Copy(typeof(Google.Protobuf.IMessage).Assembly.Location, Path.Combine(_folder, "Google.Protobuf.dll"));
        using var errors = new StringWriter();

        LockCommand.Run(new LockCommand.Request(library, LockFile), TextWriter.Null, errors).ShouldBe(0);

        errors.ToString().ShouldBeEmpty();
        SchemaLock.Read(File.ReadAllText(LockFile)).ShouldHaveSingleItem().Message.ShouldBe("google.protobuf.Timestamp");
    }

    [Fact]
    public void Lock_OfWhatIsNoProgram_SaysWhy()
    {
        LockCommand.Run(new LockCommand.Request(Path.Combine(_folder, "none.dll"), LockFile), TextWriter.Null, TextWriter.Null).ShouldBe(1);
        File.WriteAllText(LockFile, "no lock file");

        Run().Errors.ShouldContain("line 1");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private (int Exit, string Output, string Errors) Run(bool isCheck = false, bool isBreakingOnly = false, bool isForced = false)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var exit = LockCommand.Run(new LockCommand.Request(Program, LockFile, isCheck || isBreakingOnly, isBreakingOnly, isForced), output, errors);
        return (exit, output.ToString(), errors.ToString());
    }

    /// <summary>Writes the file, and has it promise something else.</summary>
    private void Promise(string written, string promised)
    {
        Run().Exit.ShouldBe(0);
        var text = File.ReadAllText(LockFile);
        text.ShouldContain(written);
        File.WriteAllText(LockFile, text.Replace(written, promised, StringComparison.Ordinal));
    }

    /// <summary>Where a piece of this file's code stands, as compilers write it.</summary>
    private static string PlaceOf(string code, [CallerFilePath] string file = "")
    {
        var (text, line) = File.ReadLines(file).Select((text, index) => (text, index + 1)).Last(each => each.text.Contains(code, StringComparison.Ordinal));
        return $"LockCommandTests.cs({line},{text.IndexOf(code, StringComparison.Ordinal) + 1})";
    }

    public sealed record Place(string City);

    [SchemaStreamContract]
    public sealed record Alone(int Count, [AvroDecimal(10, 2)] decimal Price);

    public sealed record Visit(string PageName, List<Step> Steps);

    public sealed record Step(int Count, int? Seconds = null);

    /// <summary>A topic with the settings that its JSON is written with.</summary>
    internal static class Visits
    {
        public static readonly Topic<string, Visit> Topic = SchemaStream.Topic.Json<string, Visit>("lock-test-json");

        public static readonly JsonFormatOptions Options = new()
        {
            SerializerOptions = new JsonSerializerOptions(JsonFormatOptions.DefaultSerializerOptions) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower },
        };
    }

    internal static class Topics
    {
        public static readonly Topic<Place, LockedPage<Place>> Pages = Topic.Avro<Place, LockedPage<Place>>("lock-test");

        public static readonly Topic<string, Shipment> Shipments = Topic.Protobuf<string, Shipment>("lock-test-protobuf");

        /// <summary>What a provider of the program's own writes, not a class of protoc's.</summary>
        public static readonly Topic<string, Place> Foreign = Topic.Protobuf<string, Place>("lock-test-foreign");

        public static Topic<string, long> Primitives { get; } = Topic.Primitive<string, long>("lock-test-primitive");
    }
}

public sealed record LockedPage<T>(T First);
