using System.Text.RegularExpressions;
using SchemaStream.Registry.Security.Permissions;
using SchemaStream.TestKit;

namespace SchemaStream.Documentation.Tests.Blocks;

/// <summary>No block of a page stands there unproven: it is run, compiled, a part of a file, or has a test that it names.</summary>
public sealed partial class BlockTests
{
    /// <summary>Run by the tests of the pages, which take every block of it that has no mark.</summary>
    private const string Shell = "sh";

    private const string CSharp = "csharp";

    public static TheoryData<string> Pages => [.. MarkdownBlock.All().Select(block => block.Page).Distinct()];

    [Theory]
    [MemberData(nameof(Pages))]
    public void EveryBlock_IsHeldToSomething(string page)
    {
        foreach (var block in MarkdownBlock.Of(page))
        {
            var where = $"{block.Page}:{block.Line}";
            if (block.Mark.Length == 0)
            {
                block.Language.ShouldBeOneOf([Shell, CSharp], $"{where} needs a mark: 'of FILE' or 'by Class.Method'");
            }
            else
            {
                Mark().IsMatch(block.Mark).ShouldBeTrue($"{where} has the mark '{block.Mark}'");
            }

            (block.Output is null || block.Language == Shell).ShouldBeTrue($"{where}: what follows is the output of no command");
        }
    }

    /// <summary>A fence that is indented would be seen by readers and by no test.</summary>
    [Theory]
    [MemberData(nameof(Pages))]
    public void Fences_StandAtTheBeginningOfTheirLines(string page) =>
        File.ReadAllLines(Path.Combine(MarkdownBlock.Root, page)).ShouldNotContain(line => line.StartsWith(' ') && line.TrimStart().StartsWith("```"));

    [Fact]
    public void CSharp_IsLinesOfSamplesOrPages_ThatAreCompiledAndRun()
    {
        var samples = new[] { "samples", "tests/SchemaStream.Documentation.Tests/Pages" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(MarkdownBlock.Root, folder), "*.cs", SearchOption.AllDirectories))
            .Select(file => Squeeze(File.ReadAllText(file)))
            .ToList();
        foreach (var block in MarkdownBlock.All().Where(block => block is { Language: CSharp, Mark: "" }))
        {
            samples.ShouldContain(
                sample => sample.Contains(Squeeze(block.Text), StringComparison.Ordinal), $"{block.Page}:{block.Line} is in no sample");
        }
    }

    [Fact]
    public void BlockOfAFile_IsLinesOfIt()
    {
        foreach (var block in MarkdownBlock.All())
        {
            if (Mark().Match(block.Mark) is { Success: true } mark && mark.Groups["file"] is { Success: true, Value: var file })
            {
                Squeeze(File.ReadAllText(Path.Combine(MarkdownBlock.Root, file))).Contains(Squeeze(block.Text), StringComparison.Ordinal)
                    .ShouldBeTrue($"{block.Page}:{block.Line} is not in {file}");
            }
        }
    }

    [Fact]
    public void TestsThatBlocksName_AreThere()
    {
        var tests = Directory.EnumerateFiles(Path.Combine(MarkdownBlock.Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .ToLookup(file => Path.GetFileNameWithoutExtension(file));
        foreach (var block in MarkdownBlock.All())
        {
            if (Mark().Match(block.Mark) is { Success: true } mark && mark.Groups["class"] is { Success: true, Value: var name })
            {
                tests[name].ShouldContain(
                    file => File.ReadAllText(file).Contains($" {mark.Groups["method"].Value}(", StringComparison.Ordinal),
                    $"{block.Page}:{block.Line} names no test");
            }
        }
    }

    /// <summary>The block of docs/operations.md.</summary>
    [Fact]
    public void ProgramThatIsBuilt_LiesWhereThePageSays()
    {
        var built = Path.GetRelativePath(MarkdownBlock.Root, ProgramProcess.ProgramDirectory).Replace("/Debug/", "/Release/", StringComparison.Ordinal);

        MarkdownBlock.Of("docs/operations.md").ShouldContain(
            block => block.Text == $"dotnet build cli/SchemaStream.Cli -c Release\nexport PATH=$PWD/{built}:$PATH");
    }

    /// <summary>A block of README.md. Publishing takes minutes; packing and the tool are tried by the tests of the packages.</summary>
    [Fact]
    public void WaysToHaveTheProgram_AreThere()
    {
        var words = MarkdownBlock.Of("README.md").Single(block => block.Mark.EndsWith(nameof(WaysToHaveTheProgram_AreThere), StringComparison.Ordinal))
            .Text.Split('\n').Select(line => line.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();

        foreach (var script in words.Select(line => line[0]).Where(word => word.EndsWith(".sh", StringComparison.Ordinal)))
        {
            var path = Path.Combine(MarkdownBlock.Root, script);
            File.Exists(path).ShouldBeTrue(script);
            (OperatingSystem.IsWindows() || File.GetUnixFileMode(path).HasFlag(UnixFileMode.UserExecute)).ShouldBeTrue(script);
        }

        words[1][1].ShouldBe(words[2][^1], "the tool is installed from where it was packed to");
        Directory.Exists(Path.Combine(MarkdownBlock.Root, words[3][2])).ShouldBeTrue();
    }

    /// <summary>The table of README.md.</summary>
    [Fact]
    public async Task CommandsOfTheReadme_AreThose_ThatTheProgramHas()
    {
        var lines = await File.ReadAllLinesAsync(Path.Combine(MarkdownBlock.Root, "README.md"));
        var named = lines.SkipWhile(line => line != "| command | what it does |").Skip(2).TakeWhile(line => line.StartsWith('|'))
            .SelectMany(line => Code().Matches(line.Split('|')[1]).Select(match => match.Groups[1].Value)).ToList();

        var (exitCode, help, errors) = await ProgramProcess.RunAsync("--help");

        exitCode.ShouldBe(0, errors);
        named.Count.ShouldBeGreaterThan(10);
        named.ShouldAllBe(command => Regex.IsMatch(help, $@"\b{command}\b"));
    }

    /// <summary>Blocks of docs/tutorial.md: where there is no Docker, the names that they have are at least those of the file.</summary>
    [Fact]
    public void ComposeFile_HasWhatTheTutorialSays()
    {
        var file = File.ReadAllText(Path.Combine(MarkdownBlock.Root, "docker-compose.yml"));

        file.ShouldContain("\n  broker-1:\n");
        file.ShouldContain("\n  load:\n");
        file.ShouldContain("profiles: [kafka]");
        file.ShouldContain("INTERNAL://broker-1:29092");
        File.ReadAllText(Path.Combine(MarkdownBlock.Root, ".env")).ShouldContain("COMPOSE_PROFILES=schemastream");
    }

    /// <summary>The block of docs/registry.md.</summary>
    [Fact]
    public void Permissions_AreRead()
    {
        var text = MarkdownBlock.Of("docs/registry.md").Single(block => block.Mark.EndsWith(nameof(Permissions_AreRead), StringComparison.Ordinal)).Text;

        Should.NotThrow(() => PermissionFile.Parse(text));
    }

    /// <summary>The block of docs/schemas-lock.md.</summary>
    [Fact]
    public async Task LockCommand_IsOneThatTheProgramTakes()
    {
        using var folder = new TempDirectory();
        var block = MarkdownBlock.Of("docs/schemas-lock.md").First(block => block.Language == Shell);
        var words = block.Text.Replace("bin/Debug/net10.0/Acme.dll", typeof(BlockTests).Assembly.Location, StringComparison.Ordinal).Split(' ');
        var lockFile = Path.Combine(folder.Path, "schemas.lock");

        var (exitCode, _, errors) = await ProgramProcess.RunAsync([.. words[1..], "--file", lockFile]);

        exitCode.ShouldBe(0, errors);
        File.Exists(lockFile).ShouldBeTrue();
    }

    /// <summary>Indentation is the page's, empty lines are nobody's.</summary>
    private static string Squeeze(string code) => string.Join('\n', code.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));

    [GeneratedRegex("`([a-z-]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"^(of (?<file>\S+)|by (?<class>\w+)\.(?<method>\w+))$")]
    private static partial Regex Mark();
}
