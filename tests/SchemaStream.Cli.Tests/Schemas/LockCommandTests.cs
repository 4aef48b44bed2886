using SchemaStream.Analyzers.Locks;
using SchemaStream.Avro;
using SchemaStream.Cli.Schemas;

namespace SchemaStream.Cli.Tests.Schemas;

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
        entries["lock-test/key"].Type.ShouldBe("SchemaStream.Cli.Tests.Schemas.LockCommandTests+Place");
        entries["lock-test/value"].Compatibility.ShouldBe("BACKWARD");
        entries["lock-test/value"].Type.ShouldBe(
            "SchemaStream.Cli.Tests.Schemas.LockedPage<SchemaStream.Cli.Tests.Schemas.LockCommandTests+Place>");
        var alone = entries["SchemaStream.Cli.Tests.Schemas.LockCommandTests+Alone"];
        alone.Topic.ShouldBeNull();
        alone.Schema.ShouldContain("""{"name": "Count", "type": "int"}""");
        entries.Keys.ShouldNotContain(name => name.Contains("Primitive", StringComparison.Ordinal));
    }

    [Fact]
    public void Lock_KeepsTheLevelsThatTheFileHas()
    {
        Run();
        File.WriteAllText(LockFile, File.ReadAllText(LockFile).Replace("\"BACKWARD\"", "\"FULL\"", StringComparison.Ordinal).Replace("Count", "Former", StringComparison.Ordinal));

        Run().Exit.ShouldBe(0);

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
    public void Lock_OfWhatIsNoProgram_SaysWhy()
    {
        LockCommand.Run(Path.Combine(_folder, "none.dll"), LockFile, false, TextWriter.Null, TextWriter.Null).ShouldBe(1);
        File.WriteAllText(LockFile, "no lock file");

        Run().Errors.ShouldContain("line 1");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private (int Exit, string Output, string Errors) Run(bool isCheck = false)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        return (LockCommand.Run(Program, LockFile, isCheck, output, errors), output.ToString(), errors.ToString());
    }

    public sealed record Place(string City);

    [SchemaStreamContract]
    public sealed record Alone(int Count, [AvroDecimal(10, 2)] decimal Price);

    internal static class Topics
    {
        public static readonly Topic<Place, LockedPage<Place>> Pages = Topic.Avro<Place, LockedPage<Place>>("lock-test");

        public static Topic<string, long> Primitives { get; } = Topic.Primitive<string, long>("lock-test-primitive");
    }
}

public sealed record LockedPage<T>(T First);
