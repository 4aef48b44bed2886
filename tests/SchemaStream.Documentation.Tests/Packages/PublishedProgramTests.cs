using SchemaStream.Interop.Tests.Tools;
using SchemaStream.TestKit;

namespace SchemaStream.Documentation.Tests.Packages;

/// <summary>The program that <c>eng/publish.sh</c> makes has of the framework only what it uses. What it loads, other programs, use more.</summary>
[Trait("Category", "Long")]
[Collection(PackedCollection.Name)]
public sealed class PublishedProgramTests(PackedPackages packed)
{
    /// <summary>Program and framework are compiled as one, which takes minutes on a busy machine.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    private const string Program = """
        using Google.Protobuf.WellKnownTypes;
        using SchemaStream;
        using SchemaStream.Avro;
        using SchemaStream.Hosting.Settings;

        Console.WriteLine(new SchemaStreamSettings().ClientId);

        public static class Topics
        {
            public static readonly Topic<Guid, OrderPlaced> Orders = Topic.Avro<Guid, OrderPlaced>("orders");
            public static readonly Topic<string, Visit> Visits = Topic.Json<string, Visit>("visits");
            public static readonly Topic<string, Timestamp> Ticks = Topic.Protobuf<string, Timestamp>("ticks");
            public static readonly Topic<string, long> Counts = Topic.Primitive<string, long>("counts");
        }

        [SchemaStreamContract]
        public sealed partial record OrderPlaced(
            [property: AvroDecimal(18, 2)] decimal Amount, Dictionary<string, DateTimeOffset> Times, IReadOnlyList<Line> Lines, DateOnly? Day);

        public sealed record Line(string Sku, int Quantity);

        [SchemaStreamContract]
        public sealed partial record Alone(string? Link, TimeSpan Length);

        public sealed record Visit(string Page, System.Net.HttpStatusCode? Status);
        """;

    [Fact]
    public async Task SchemasLock_ReadsAProgramOfEveryFormat()
    {
        // Publishing takes most of the time: who has done it just now says where.
        var published = Environment.GetEnvironmentVariable("SCHEMASTREAM_PUBLISHED");
        if (string.IsNullOrEmpty(published))
        {
            published = Path.Combine(packed.Workplace, "published");
            await ShellAsync($"'{Path.Combine(MarkdownBlock.Root, "eng/publish.sh")}' '{published}'");
        }

        await ShellAsync("dotnet new console --output formats; dotnet add formats package SchemaStream.Hosting");
        await File.WriteAllTextAsync(Path.Combine(packed.Workplace, "formats", "Program.cs"), Program);
        await ShellAsync("dotnet build formats");

        await ShellAsync($"'{published}/schemastream' schemas lock --assembly formats/bin/Debug/net10.0/formats.dll --file formats.lock");

        var written = await File.ReadAllTextAsync(Path.Combine(packed.Workplace, "formats.lock"));
        written.ShouldContain("\"topic\": \"orders\"");
        written.ShouldContain("\"type\": \"Alone\"");
        written.ShouldContain("\"title\": \"Visit\"");
        written.ShouldContain("\"message\": \"google.protobuf.Timestamp\"");
    }

    private Task<string> ShellAsync(string script) => ExternalTool.RunAsync(
        "bash", ["-euo", "pipefail", "-c", $"cd '{packed.Workplace}'; export MSBUILDDISABLENODEREUSE=1; {script}"], within: Limit);
}
