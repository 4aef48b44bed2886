using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace SchemaStream.Architecture.Tests;

/// <summary>The arrows between rooms point one way: allowed-references.txt is the whole list.</summary>
public sealed class ReferenceTests
{
    private static readonly string[] GuardedRooms = ["broker/", "registry/", "sdk/"];

    private static readonly Dictionary<string, HashSet<string>> Allowed = Repository.Table("allowed-references.txt")
        .Select(line => line.Split("->"))
        .ToDictionary(
            parts => parts[0].Trim(),
            parts => parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet());

    public static TheoryData<string> GuardedProjects() => [.. GuardedFiles()];

    private static IEnumerable<string> GuardedFiles() =>
        Repository.Files(".csproj").Where(file => GuardedRooms.Any(file.StartsWith));

    [Theory]
    [MemberData(nameof(GuardedProjects))]
    public void Project_ReferencesOnlyWhatTheTableAllows(string project)
    {
        var allowed = AllowedFor(project);
        var document = XDocument.Parse(Repository.Read(project));

        var projects = document.Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));
        var packages = document.Descendants("PackageReference").Concat(document.Descendants("FrameworkReference"))
            .Select(reference => "nuget:" + reference.Attribute("Include")!.Value);

        projects.Concat(packages).Where(reference => !allowed.Contains(reference)).ShouldBeEmpty(
            $"{project} has a reference that allowed-references.txt does not allow. " +
            "Move the code to the room that may have it, or change the table in a commit that says why.");
    }

    [Theory]
    [MemberData(nameof(GuardedProjects))]
    public void Assembly_ReferencesOnlyWhatTheTableAllows(string project)
    {
        var name = Path.GetFileNameWithoutExtension(project);
        var configuration = AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";
        var bin = Path.Combine(Repository.Root, Path.GetDirectoryName(project)!, "bin", configuration);
        if (!Directory.Exists(bin))
        {
            // One project alone was built; `./test.sh` builds the whole solution first.
            Environment.GetEnvironmentVariable("CI").ShouldBeNull($"{name} was not built before its arrows were checked");
            return;
        }

        var allowed = AllowedFor(project);
        foreach (var assembly in Directory.EnumerateFiles(bin, name + ".dll", SearchOption.AllDirectories))
        {
            using var file = new PEReader(File.OpenRead(assembly));
            var metadata = file.GetMetadataReader();
            metadata.AssemblyReferences
                .Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))
                .Where(reference => reference == "SchemaStream" || reference.StartsWith("SchemaStream.", StringComparison.Ordinal))
                .Where(reference => !allowed.Contains(reference))
                .ShouldBeEmpty($"{name}.dll reaches a room that allowed-references.txt does not allow");
        }
    }

    [Fact]
    public void Table_ListsNoProjectThatIsGone()
    {
        var projects = GuardedFiles().Select(Path.GetFileNameWithoutExtension).ToHashSet();
        Allowed.Keys.Where(name => !projects.Contains(name)).ShouldBeEmpty();
    }

    private static HashSet<string> AllowedFor(string project)
    {
        var name = Path.GetFileNameWithoutExtension(project);
        Allowed.ShouldContainKey(name, $"{project} is not in allowed-references.txt: say there what it may reference.");
        return Allowed[name];
    }
}
