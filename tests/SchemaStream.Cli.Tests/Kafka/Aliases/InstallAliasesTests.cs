using System.Diagnostics;
using SchemaStream.TestKit;

namespace SchemaStream.Cli.Tests.Kafka.Aliases;

/// <summary><c>schemastream install-aliases</c> as a process, and what it wrote as processes of their own.</summary>
public sealed class InstallAliasesTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    private string Bin => Path.Combine(_directory.Path, "a 'bin'");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Installed_KafkasToolsRunByTheirOwnNames()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await using var broker = await TestBroker.StartAsync();
        var (exitCode, output, errors) = await InstallAsync();
        exitCode.ShouldBe(0, errors);
        output.ShouldContain($"wrote {Bin}/kafka-topics\n");
        output.ShouldContain($"wrote {Bin}/kafka-avro-console-consumer.sh\n");
        errors.ShouldContain($"{Bin} is not on the PATH");

        var created = await RunAsync(Path.Combine(Bin, "kafka-topics.sh"), "--create", "--topic", "orders", "--bootstrap-server", broker.BootstrapServers);
        created.ShouldBe((0, "Created topic orders.\n", ""));
        (await RunAsync(Path.Combine(Bin, "kafka-topics"), "--list", "--bootstrap-server", broker.BootstrapServers)).ShouldBe((0, "orders\n", ""));
        (await RunAsync(Path.Combine(Bin, "kafka-topics"), "--list")).ExitCode.ShouldBe(1, "exit codes pass through");
    }

    [Fact]
    public async Task ALinkByATool_IsThatTool()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var link = Path.Combine(_directory.Path, "kafka-topics");
        File.CreateSymbolicLink(link, Path.Combine(ProgramProcess.ProgramDirectory, "schemastream"));

        var (exitCode, output, errors) = await RunAsync(link, "--help");

        (exitCode, output).ShouldBe((0, ""));
        errors.ShouldContain("Usage: kafka-topics [options]");
    }

    [Fact]
    public async Task ADryRun_WritesNothing_AndASecondTimeChangesNothing()
    {
        (await InstallAsync("--dry-run")).Output.ShouldContain($"would write {Path.Combine(Bin, "kafka-topics")}");
        Directory.Exists(Bin).ShouldBeFalse();

        (await InstallAsync()).ExitCode.ShouldBe(0);
        var again = (await InstallAsync()).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        again.ShouldAllBe(line => line.StartsWith("unchanged ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task SomeoneElsesFile_IsLeftAlone_UnlessItIsForced()
    {
        Directory.CreateDirectory(Bin);
        var theirs = Path.Combine(Bin, OperatingSystem.IsWindows() ? "kafka-topics.cmd" : "kafka-topics");
        await File.WriteAllTextAsync(theirs, "echo theirs");

        var refused = await InstallAsync();
        refused.ExitCode.ShouldBe(1);
        refused.Output.ShouldBe("");
        refused.Errors.ShouldContain($"{theirs} is someone else's file");
        Directory.GetFiles(Bin).ShouldBe([theirs], "all or none");

        (await InstallAsync("--remove")).Errors.ShouldContain($"{theirs} is someone else's file, and stays");
        File.Exists(theirs).ShouldBeTrue();
        (await InstallAsync("--force")).Output.ShouldContain($"replaced {theirs}");
    }

    [Fact]
    public async Task Remove_TakesAwayWhatWasWritten_AndNothingElse()
    {
        await InstallAsync();
        var other = Path.Combine(Bin, "kafka-mine");
        await File.WriteAllTextAsync(other, "mine");

        (await InstallAsync("--remove", "--dry-run")).Output.ShouldContain("would remove ");
        Directory.GetFiles(Bin).Length.ShouldBeGreaterThan(1);
        (await InstallAsync("--remove")).Output.ShouldContain("removed ");

        Directory.GetFiles(Bin).ShouldBe([other]);
    }

    private Task<(int ExitCode, string Output, string Errors)> InstallAsync(params string[] options) =>
        ProgramProcess.RunAsync(["install-aliases", "--dir", Bin, .. options]);

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string path, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(path, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        using var limit = new CancellationTokenSource(TestTime.Limit);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, output, await errors);
    }
}
