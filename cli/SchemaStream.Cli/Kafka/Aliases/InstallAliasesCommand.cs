using System.CommandLine;
using SchemaStream.Cli.Processes;

namespace SchemaStream.Cli.Kafka.Aliases;

/// <summary><c>schemastream install-aliases</c>: Kafka's tools by their own names.</summary>
internal static class InstallAliasesCommand
{
    public const string Name = "install-aliases";

    public static Command Create()
    {
        var directory = new Option<DirectoryInfo?>("--dir")
        {
            Description = $"Where they are written; made when missing. {StandardDirectory} if not given",
            HelpName = "DIR",
        };
        var remove = new Option<bool>("--remove") { Description = "Take away those that this command wrote" };
        var force = new Option<bool>("--force") { Description = "Replace files of the same names that are someone else's" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would be done" };
        var command = new Command(
            Name, "Writes kafka-topics, kafka-topics.sh and so on: small scripts that run this program.") { directory, remove, force, dryRun };
        command.SetAction(arguments => Run(
            new AliasScripts(arguments.GetValue(directory)?.FullName ?? StandardDirectory, ThisProgram.CommandLine),
            arguments.GetValue(directory)?.FullName ?? StandardDirectory,
            arguments.GetValue(remove),
            arguments.GetValue(force),
            arguments.GetValue(dryRun)));
        return command;
    }

    private static string StandardDirectory => OperatingSystem.IsWindows()
        ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "schemastream", "bin")
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "bin");

    private static int Run(AliasScripts scripts, string directory, bool isRemoval, bool replacesOthers, bool isDryRun)
    {
        try
        {
            return isRemoval ? Remove(scripts, isDryRun) : Install(scripts, directory, replacesOthers, isDryRun);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"schemastream {Name}: {failure.Message}");
            return ExitCodes.Failed;
        }
    }

    private static int Install(AliasScripts scripts, string directory, bool replacesOthers, bool isDryRun)
    {
        var planned = scripts.All.Select(each => (each.Path, each.Tool, Change: scripts.PlanWrite(each.Path, each.Tool, replacesOthers))).ToList();
        var kept = planned.Where(each => each.Change == AliasChange.Kept).ToList();
        foreach (var (path, _, _) in kept)
        {
            Console.Error.WriteLine($"schemastream {Name}: {path} is someone else's file");
        }

        if (kept.Count > 0)
        {
            Console.Error.WriteLine($"schemastream {Name}: nothing was written; choose another --dir, or replace them with --force");
            return ExitCodes.Failed;
        }

        foreach (var (path, tool, change) in planned)
        {
            if (!isDryRun && change != AliasChange.Unchanged)
            {
                scripts.Write(path, tool);
            }

            Console.WriteLine($"{Word(change, isDryRun)} {path}");
        }

        if (!IsOnPath(directory))
        {
            Console.Error.WriteLine($"{directory} is not on the PATH: a shell finds them once it is, as with export PATH=\"{directory}:$PATH\"");
        }

        return ExitCodes.Done;
    }

    private static int Remove(AliasScripts scripts, bool isDryRun)
    {
        foreach (var (path, _) in scripts.All)
        {
            switch (AliasScripts.PlanRemove(path))
            {
                case AliasChange.Removed:
                    if (!isDryRun)
                    {
                        File.Delete(path);
                    }

                    Console.WriteLine($"{Word(AliasChange.Removed, isDryRun)} {path}");
                    break;
                case AliasChange.Kept:
                    Console.Error.WriteLine($"schemastream {Name}: {path} is someone else's file, and stays");
                    break;
            }
        }

        return ExitCodes.Done;
    }

    private static string Word(AliasChange change, bool isDryRun) => (change, isDryRun) switch
    {
        (AliasChange.Unchanged, _) => "unchanged",
        (AliasChange.Written, false) => "wrote",
        (AliasChange.Written, true) => "would write",
        (AliasChange.Replaced, false) => "replaced",
        (AliasChange.Replaced, true) => "would replace",
        (_, false) => "removed",
        (_, true) => "would remove",
    };

    private static bool IsOnPath(string directory) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(each => each.Length > 0 && Path.TrimEndingDirectorySeparator(each) == Path.TrimEndingDirectorySeparator(directory));
}
