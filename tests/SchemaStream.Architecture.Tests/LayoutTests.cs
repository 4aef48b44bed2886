using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace SchemaStream.Architecture.Tests;

/// <summary>A reader finds the room of a thing by its name, and every room stays small enough to read.</summary>
public sealed partial class LayoutTests
{
    private const int LongestFile = 600;
    private const int LongestReadme = 30;

    private static readonly string[] BannedFolders = ["Utils", "Util", "Common", "Helpers", "Helper", "Infrastructure", "Misc"];

    [Fact]
    public void Namespace_IsProjectAndFolder()
    {
        var crooked = new List<string>();
        foreach (var file in Repository.Files(".cs"))
        {
            var declared = Namespace().Match(Repository.Read(file)).Groups[1].Value;
            if (declared.Length > 0 && declared != ExpectedNamespace(file))
            {
                crooked.Add($"{file}: namespace {declared}, expected {ExpectedNamespace(file)}");
            }
        }

        crooked.ShouldBeEmpty();
    }

    [Fact]
    public void File_IsShortEnoughToRead() =>
        Repository.Files(".cs")
            .Select(file => (File: file, Lines: Repository.Read(file).Count(c => c == '\n')))
            .Where(entry => entry.Lines > LongestFile)
            .ShouldBeEmpty($"No file exceeds {LongestFile} lines: split it by subject.");

    [Fact]
    public void Folder_IsNamedForWhatItHolds() =>
        Repository.Files(".cs")
            .Where(file => file.Split('/').Any(BannedFolders.Contains))
            .ShouldBeEmpty("A folder is named for what it holds, never " + string.Join(", ", BannedFolders));

    [Fact]
    public void Project_HasAReadmeOfOneScreen()
    {
        foreach (var project in Repository.Files(".csproj").Where(file => !file.StartsWith("tests/", StringComparison.Ordinal)))
        {
            var readme = Path.Combine(Path.GetDirectoryName(project)!, "README.md");
            File.Exists(Path.Combine(Repository.Root, readme)).ShouldBeTrue($"{readme}: owns, does not own, where to start reading");
            Repository.Read(readme).Count(c => c == '\n').ShouldBeLessThanOrEqualTo(LongestReadme, readme);
        }
    }

    [Fact]
    public void Words_ThatHideFaults_AreAbsent()
    {
        var found = new List<string>();
        foreach (var row in Repository.Table("banned-words.txt"))
        {
            var cells = row.Split(" | ", 3, StringSplitOptions.TrimEntries);
            var (folder, ending) = (cells[0][..cells[0].IndexOf('*', StringComparison.Ordinal)], cells[0][(cells[0].IndexOf('*', StringComparison.Ordinal) + 1)..]);
            var pattern = new Regex(cells[1], RegexOptions.CultureInvariant);
            found.AddRange(
                from file in Repository.Files(ending)
                where file.StartsWith(folder, StringComparison.Ordinal)
                from line in Repository.Read(file).Split('\n').Select((text, index) => (text, number: index + 1))
                where pattern.IsMatch(line.text)
                select $"{file}:{line.number}: {cells[2]}");
        }

        found.ShouldBeEmpty();
    }

    private static string ExpectedNamespace(string file)
    {
        var folder = Path.GetDirectoryName(file)!;
        var project = folder;
        while (Directory.GetFiles(Path.Combine(Repository.Root, project), "*.csproj").Length == 0)
        {
            project = Path.GetDirectoryName(project)!;
        }

        var projectFile = Directory.GetFiles(Path.Combine(Repository.Root, project), "*.csproj")[0];
        var root = XDocument.Load(projectFile).Descendants("RootNamespace").FirstOrDefault()?.Value
            ?? Path.GetFileNameWithoutExtension(projectFile);
        var inner = Path.GetRelativePath(project, folder);
        return inner == "." ? root : root + "." + inner.Replace('/', '.');
    }

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
