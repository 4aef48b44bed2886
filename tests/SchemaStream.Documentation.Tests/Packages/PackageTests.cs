using System.IO.Compression;
using System.Reflection.Metadata;
using System.Xml.Linq;

namespace SchemaStream.Documentation.Tests.Packages;

/// <summary>What lies in the packages.</summary>
[Collection(PackedCollection.Name)]
public sealed class PackageTests(PackedPackages packed)
{
    private const string Tool = "SchemaStream.Cli";

    private static readonly Guid SourceLink = new("cc110556-a091-4d38-9fec-25ab9a351a6a");
    private static readonly Guid EmbeddedSource = new("0e8a571b-6926-466e-b4ad-8ab04611f5fe");

    [Fact]
    public void EachPackage_SaysWhatItIs_AndHasAPageAndAnIcon()
    {
        foreach (var package in Packages())
        {
            using (package.Archive)
            {
                package.Text("description").ShouldNotBe("Package Description", package.Id);
                package.Text("license").ShouldBe("Apache-2.0");
                package.Text("readme").ShouldBe("README.md");
                package.Text("icon").ShouldBe("icon.png");
                package.Metadata("repository").Attribute("type")!.Value.ShouldBe("git");
                package.Metadata("repository").Attribute("commit")!.Value.Length.ShouldBe(40);
                package.Read("README.md").Length.ShouldBeGreaterThan(100);
                package.Read("icon.png")[..8].ShouldBe([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
            }
        }
    }

    [Fact]
    public void EachDependency_IsAPackageOfOurs_OrOneThatTheRepositoryNames()
    {
        var packages = Packages();
        var versions = XDocument.Load(Path.Combine(TestKit.MarkdownBlock.Root, "Directory.Packages.props")).Descendants("PackageVersion")
            .ToDictionary(element => element.Attribute("Include")!.Value, element => element.Attribute("Version")!.Value);
        foreach (var package in packages)
        {
            foreach (var (id, version) in package.Dependencies)
            {
                version.ShouldBe(packages.Any(other => other.Id == id) ? PackedPackages.Version : versions.GetValueOrDefault(id), $"{package.Id} -> {id}");
            }

            package.Archive.Dispose();
        }

        Dependencies("SchemaStream").ShouldContain("Confluent.Kafka");
        Dependencies("SchemaStream.Avro").ShouldBe(["SchemaStream.Abstractions"]);
        Dependencies("SchemaStream.Abstractions").ShouldBeEmpty();
        Dependencies("SchemaStream.Hosting").ShouldNotContain(id => id.StartsWith("SchemaStream.Broker", StringComparison.Ordinal));
        Dependencies(Tool).ShouldBeEmpty();

        IEnumerable<string> Dependencies(string id) => packages.Single(package => package.Id == id).Dependencies.Keys;
    }

    [Fact]
    public void Libraries_HaveNoStrayFiles()
    {
        foreach (var package in Packages().Where(package => package.Id != Tool))
        {
            using (package.Archive)
            {
                string[] expected =
                [
                    $"{package.Id}.nuspec", "README.md", "icon.png", $"lib/net10.0/{package.Id}.dll", $"lib/net10.0/{package.Id}.xml",
                    .. package.Id == "SchemaStream.Avro"
                        ? (string[])["analyzers/dotnet/cs/SchemaStream.Analyzers.dll", "analyzers/dotnet/cs/SchemaStream.Generators.dll", "buildTransitive/SchemaStream.Avro.targets"]
                        : [],
                ];
                package.Files.ShouldBe(expected, ignoreOrder: true, package.Id);
            }
        }
    }

    /// <summary>Who has the SDK by any of its packages has generator and analyzer.</summary>
    [Theory]
    [InlineData("SchemaStream", "SchemaStream.Avro")]
    [InlineData("SchemaStream.Hosting", "SchemaStream")]
    [InlineData("SchemaStream.Testing", "SchemaStream")]
    public void Analyzers_FlowThrough(string id, string dependency)
    {
        using var package = Open(id);

        package.Nuspec.Descendants().Single(element => element.Attribute("id")?.Value == dependency).Attribute("include")!.Value.ShouldBe("All");
    }

    [Fact]
    public void Symbols_LeadToTheSources()
    {
        foreach (var id in new[] { "SchemaStream", "SchemaStream.Avro", "SchemaStream.Broker.Storage" })
        {
            using var symbols = ZipFile.OpenRead(Path.Combine(packed.Folder, $"{id}.{PackedPackages.Version}.snupkg"));
            using var content = new MemoryStream();
            using (var entry = symbols.GetEntry($"lib/net10.0/{id}.pdb").ShouldNotBeNull().Open())
            {
                entry.CopyTo(content);
            }

            content.Position = 0;
            using var provider = MetadataReaderProvider.FromPortablePdbStream(content);
            var reader = provider.GetMetadataReader();
            // Which of the two depends on whether the clone that packs has a remote.
            reader.CustomDebugInformation.Select(handle => reader.GetGuid(reader.GetCustomDebugInformation(handle).Kind))
                .ShouldContain(kind => kind == SourceLink || kind == EmbeddedSource, id);
        }
    }

    [Fact]
    public void Tool_HasTheCommand_AndNothingForCompilersOrPhones()
    {
        using var tool = Open(Tool);

        tool.Nuspec.Descendants().Single(element => element.Name.LocalName == "packageType").Attribute("name")!.Value.ShouldBe("DotnetTool");
        System.Text.Encoding.UTF8.GetString(tool.Read("tools/net10.0/any/DotnetToolSettings.xml")).ShouldContain("Name=\"schemastream\"");
        tool.Files.ShouldAllBe(file => !file.EndsWith(".a", StringComparison.Ordinal) && !file.Contains("android", StringComparison.Ordinal));
        tool.Files.ShouldNotContain(file => file.StartsWith("tools/net10.0/any/SchemaStream.", StringComparison.Ordinal) && file.EndsWith(".xml", StringComparison.Ordinal));
        tool.Files.ShouldContain("tools/net10.0/any/runtimes/linux-x64/native/libe_sqlite3.so");
    }

    private List<Package> Packages()
    {
        var files = Directory.GetFiles(packed.Folder, "*.nupkg");
        files.Length.ShouldBeGreaterThan(15);
        return [.. files.Select(file => new Package(ZipFile.OpenRead(file)))];
    }

    private Package Open(string id) => new(ZipFile.OpenRead(Path.Combine(packed.Folder, $"{id}.{PackedPackages.Version}.nupkg")));

    private sealed class Package(ZipArchive archive) : IDisposable
    {
        public ZipArchive Archive { get; } = archive;

        public XDocument Nuspec { get; } = Load(archive);

        public string Id => Text("id");

        /// <summary>Without what every package has for being one.</summary>
        public IEnumerable<string> Files => Archive.Entries.Select(entry => entry.FullName)
            .Where(name => name != "_rels/.rels" && name != "[Content_Types].xml" && !name.StartsWith("package/", StringComparison.Ordinal));

        public IReadOnlyDictionary<string, string> Dependencies => Nuspec.Descendants()
            .Where(element => element.Name.LocalName == "dependency")
            .ToDictionary(element => element.Attribute("id")!.Value, element => element.Attribute("version")!.Value);

        public XElement Metadata(string name) => Nuspec.Descendants().First(element => element.Name.LocalName == name);

        public string Text(string name) => Metadata(name).Value;

        public byte[] Read(string file)
        {
            using var stream = Archive.GetEntry(file).ShouldNotBeNull($"{Id} has no {file}").Open();
            using var content = new MemoryStream();
            stream.CopyTo(content);
            return content.ToArray();
        }

        public void Dispose() => Archive.Dispose();

        private static XDocument Load(ZipArchive archive)
        {
            using var stream = archive.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
            return XDocument.Load(stream);
        }
    }
}
