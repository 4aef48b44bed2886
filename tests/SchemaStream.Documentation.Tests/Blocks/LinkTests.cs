using System.Text.RegularExpressions;
using SchemaStream.TestKit;

namespace SchemaStream.Documentation.Tests.Blocks;

/// <summary>What a page points to in the repository is there, down to the heading.</summary>
public sealed partial class LinkTests
{
    private const string Index = "docs/README.md";

    public static TheoryData<string> Pages =>
        ["README.md", .. Directory.EnumerateFiles(Path.Combine(MarkdownBlock.Root, "docs"), "*.md").Select(file => $"docs/{Path.GetFileName(file)}")];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_LeadSomewhere(string page)
    {
        var folder = Path.GetDirectoryName(page)!;
        foreach (Match link in Link().Matches(File.ReadAllText(Path.Combine(MarkdownBlock.Root, page))))
        {
            var (target, heading) = (link.Groups["target"].Value, link.Groups["heading"].Value);
            var file = target.Length == 0 ? page : Path.Combine(folder, target);
            var path = Path.Combine(MarkdownBlock.Root, file);
            (File.Exists(path) || Directory.Exists(path)).ShouldBeTrue($"{page} points to {target}");
            if (heading.Length > 0)
            {
                File.ReadLines(path).Where(line => line.StartsWith('#')).Select(Anchor).ShouldContain(heading, $"{page} points to {target}#{heading}");
            }
        }
    }

    [Fact]
    public void Index_HasEveryPage()
    {
        var index = File.ReadAllText(Path.Combine(MarkdownBlock.Root, Index));
        foreach (var page in Directory.EnumerateFiles(Path.Combine(MarkdownBlock.Root, "docs"), "*.md").Select(file => Path.GetFileName(file)))
        {
            (page == Path.GetFileName(Index) || index.Contains($"({page})", StringComparison.Ordinal)).ShouldBeTrue($"{Index} does not name {page}");
        }
    }

    /// <summary>As readers on the web have it: small letters, no marks, dashes for blanks.</summary>
    private static string Anchor(string heading) =>
        NoAnchor().Replace(heading.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"\]\((?!https?:)(?<target>[^)#\s]*)(#(?<heading>[^)]*))?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NoAnchor();
}
