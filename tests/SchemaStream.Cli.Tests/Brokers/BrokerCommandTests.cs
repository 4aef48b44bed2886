using System.Globalization;
using Confluent.Kafka;
using SchemaStream.TestKit;

namespace SchemaStream.Cli.Tests.Brokers;

/// <summary><c>schemastream broker</c> as a process: what scripts rely on.</summary>
public sealed class BrokerCommandTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    private string ConfigPath => Path.Combine(_directory.Path, "broker.properties");

    private string PidPath => Path.Combine(_directory.Path, "pid");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Ready_MeansThatItServes_AndThePidIsThere()
    {
        WriteConfig("node.id=7");
        await using var broker = await ProgramProcess.StartAsync("broker", "--config", ConfigPath);
        var address = broker.ReadyLine["ready kafka=".Length..];
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = address }).Build();

        var found = admin.GetMetadata(TimeSpan.FromSeconds(10)).Brokers.ShouldHaveSingleItem();
        found.BrokerId.ShouldBe(7);
        $"{found.Host}:{found.Port}".ShouldBe(address);
        ReadPid().ShouldBe(broker.Id);
        (await broker.StopAsync()).ShouldBe(0, broker.Log);
        File.Exists(PidPath).ShouldBeFalse();
    }

    [Fact]
    public async Task SecondStart_WhileItRuns_IsRefusedAndLeavesThePid()
    {
        WriteConfig();
        await using var broker = await ProgramProcess.StartAsync("broker", "--config", ConfigPath);

        var second = await ProgramProcess.RunAsync("broker", "--config", ConfigPath);

        second.ExitCode.ShouldBe(1);
        second.Errors.ShouldContain($"is run by the process {broker.Id}");
        ReadPid().ShouldBe(broker.Id);
    }

    [Fact]
    public async Task StartAfterAKill_TakesThePidOver()
    {
        WriteConfig();
        await using (var broker = await ProgramProcess.StartAsync("broker", "--config", ConfigPath))
        {
            await broker.KillAsync();
        }

        File.Exists(PidPath).ShouldBeTrue();
        await using var again = await ProgramProcess.StartAsync("broker", "--config", ConfigPath);
        ReadPid().ShouldBe(again.Id);
    }

    [Theory]
    [InlineData("num.partition=3", ":3: Setting 'num.partition'")]
    [InlineData("process.roles=broker", "controller.quorum.voters")]
    public async Task Setting_ThatIsWrong_IsNamedWithItsLine(string line, string words)
    {
        WriteConfig(line);
        var failed = await ProgramProcess.RunAsync("broker", "--config", ConfigPath);
        failed.ExitCode.ShouldBe(1);
        failed.Errors.ShouldContain("schemastream broker: " + ConfigPath);
        failed.Errors.ShouldContain(words);
        failed.Errors.ShouldNotContain("   at ");
        File.Exists(PidPath).ShouldBeFalse();
    }

    [Fact]
    public async Task File_ThatIsNotThere_IsNamed()
    {
        var failed = await ProgramProcess.RunAsync("broker", "--config", ConfigPath);
        failed.ExitCode.ShouldBe(1);
        failed.Errors.ShouldContain(ConfigPath);
        failed.Errors.ShouldNotContain("   at ");
    }

    private void WriteConfig(string line = "") => File.WriteAllText(
        ConfigPath,
        $"listeners=PLAINTEXT://127.0.0.1:0\nlog.dirs={Path.Combine(_directory.Path, "data")}\n{line}\n");

    private int ReadPid() => int.Parse(File.ReadAllText(PidPath), CultureInfo.InvariantCulture);
}
