using System.Globalization;
using System.Text.Json;
using SchemaStream.Cli.Tests.Kafka;
using SchemaStream.TestKit;

namespace SchemaStream.Cli.Tests.Groups;

/// <summary><c>schemastream groups</c> over a running broker.</summary>
public sealed class GroupsCommandTests : IAsyncLifetime
{
    private readonly TempDirectory _folder = new();
    private RunningStack _stack = null!;

    public async Task InitializeAsync()
    {
        _stack = await RunningStack.StartAsync();
        await _stack.CreateAsync("orders", partitions: 2);
        foreach (var partition in new[] { "0", "1" })
        {
            (await ToolRun.OfAsync(_stack.Broker, "kafka-console-producer --topic orders --bootstrap-server <server_name>", "a\nb\nc\n")).ExitCode.ShouldBe(0, partition);
        }
    }

    public async Task DisposeAsync()
    {
        await _stack.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Reset_ShowsThePlan_AndDescribeTheLag()
    {
        var dry = (await _stack.JsonAsync("groups", "reset", "billing", "--topic", "orders", "--to-earliest", "--create", "--dry-run")).Result("groups-reset");
        dry.GetProperty("reset").GetBoolean().ShouldBeFalse();
        (await _stack.RunAsync("groups", "describe", "billing")).ExitCode.ShouldBe(5);
        (await _stack.RunAsync("groups", "reset", "billing", "--topic", "orders", "--to-earliest", "--yes")).ExitCode.ShouldBe(5, "only --create makes a group");
        (await _stack.RunAsync("groups", "reset", "billing", "--topic", "orders", "--to-earliest", "--create")).ExitCode.ShouldBe(2, "nobody said yes");

        await ResetAsync("--topic", "orders", "--to-earliest", "--create");

        var described = (await _stack.JsonAsync("groups", "describe", "billing")).Result("groups-describe");
        described.GetProperty("lag").GetInt64().ShouldBe(6);
        described.GetProperty("partitions").GetArrayLength().ShouldBe(2);
        described.GetProperty("state").GetString().ShouldBe("Empty");
        (await _stack.JsonAsync("groups", "list")).Result("groups-list").GetProperty("groups")[0].GetProperty("group").GetString().ShouldBe("billing");
        (await _stack.RunAsync("groups", "describe", "billing")).Output.ShouldContain("TOPIC   PARTITION  COMMITTED  END  LAG  MEMBER  HOST");
        var near = await _stack.JsonAsync("groups", "describe", "biling");
        near.ExitCode.ShouldBe(5);
        near.Result("error").GetProperty("error").GetProperty("nextStep").GetString().ShouldBe("Did you mean 'billing'?");
    }

    [Fact]
    public async Task Reset_ByEveryScope()
    {
        await ResetAsync("--topic", "orders", "--to-latest", "--create");
        (await LagAsync()).ShouldBe(0);
        await ResetAsync("--all-topics", "--to-earliest");
        (await LagAsync()).ShouldBe(6);
        await ResetAsync("--all-topics", "--to-current");
        (await LagAsync()).ShouldBe(6);
        await ResetAsync("--all-topics", "--to-datetime", "2020-01-01T00:00:00.000");
        (await LagAsync()).ShouldBe(6);
        await ResetAsync("--all-topics", "--by-duration", "PT0S");
        (await LagAsync()).ShouldBe(0);
        await ResetAsync("--all-topics", "--by-duration", "P1D");
        (await LagAsync()).ShouldBe(6);
        await ResetAsync("--all-topics", "--to-offset", "0");
        (await LagAsync()).ShouldBe(6);
        var clamped = await ResetAsync("--all-topics", "--to-offset", long.MaxValue.ToString(CultureInfo.InvariantCulture));
        clamped.GetProperty("partitions").EnumerateArray().Sum(each => each.GetProperty("to").GetInt64()).ShouldBe(6);
        await ResetAsync("--all-topics", "--shift-by", "-100");
        (await LagAsync()).ShouldBe(6);

        var exported = await _stack.RunAsync("groups", "reset", "billing", "--all-topics", "--to-latest", "--export");
        exported.ExitCode.ShouldBe(0, exported.Errors);
        (await LagAsync()).ShouldBe(6, "an export does nothing");
        var file = Path.Combine(_folder.Path, "plan.csv");
        await File.WriteAllTextAsync(file, exported.Output);
        await ResetAsync("--from-file", file);
        (await LagAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Reset_WithoutASingleScope_IsNotUnderstood()
    {
        foreach (var words in new string[][]
        {
            [], ["--topic", "orders"], ["--to-earliest"], ["--topic", "orders", "--to-earliest", "--to-latest"], ["--topic", "orders", "--all-topics", "--to-latest"],
            ["--topic", "orders", "--to-datetime", "yesterday"], ["--topic", "orders", "--by-duration", "1 day"], ["--topic", "orders", "--to-offset", "x"],
        })
        {
            (await _stack.RunAsync(["groups", "reset", "billing", "--create", "--yes", .. words])).ExitCode.ShouldBe(2, string.Join(' ', words));
        }

        (await _stack.RunAsync("groups", "reset", "billing", "--create", "--yes", "--topic", "order", "--to-latest")).ExitCode.ShouldBe(5);
        (await _stack.RunAsync("groups", "reset", "billing", "--create", "--yes", "--topic", "orders:7", "--to-latest")).ExitCode.ShouldBe(5);
        (await _stack.RunAsync("groups", "reset", "billing", "--create", "--yes", "--from-file", "gone.csv")).ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task AGroupWithMembers_IsShown_AndNeitherResetNorDeleted()
    {
        await using var reader = RunningTool.Start(
            _stack.Broker, "kafka-console-consumer --topic orders --from-beginning --group billing --bootstrap-server <server_name>");
        await reader.PrintsAsync(output => output.Count(letter => letter == '\n') == 6, "six records");

        var members = (await _stack.JsonAsync("groups", "members", "billing")).Result("groups-members").GetProperty("members");
        members.GetArrayLength().ShouldBe(1);
        members[0].GetProperty("partitions").GetArrayLength().ShouldBe(2);
        var reset = await _stack.JsonAsync("groups", "reset", "billing", "--topic", "orders", "--to-latest", "--yes");
        reset.ExitCode.ShouldBe(1);
        reset.Result("error").GetProperty("error").GetProperty("code").GetString().ShouldBe("SS2007");
        var deleted = await _stack.JsonAsync("groups", "delete", "billing", "--yes");
        deleted.ExitCode.ShouldBe(1);
        deleted.Result("error").GetProperty("error").GetProperty("code").GetString().ShouldBe("SS2007");
    }

    [Fact]
    public async Task Delete_NeedsYes()
    {
        await ResetAsync("--topic", "orders", "--to-latest", "--create");

        (await _stack.RunAsync("groups", "delete", "billing")).ExitCode.ShouldBe(2);
        (await _stack.AtTerminalAsync("n\n", "groups", "delete", "billing")).ExitCode.ShouldBe(1);
        (await _stack.JsonAsync("groups", "delete", "billing", "--dry-run")).Result("groups-delete").GetProperty("groups")[0].GetProperty("deleted").GetBoolean().ShouldBeFalse();
        (await _stack.JsonAsync("groups", "delete", "billing", "--yes")).Result("groups-delete").GetProperty("groups")[0].GetProperty("deleted").GetBoolean().ShouldBeTrue();
        (await _stack.RunAsync("groups", "delete", "billing", "--yes")).ExitCode.ShouldBe(5);
    }

    private async Task<JsonElement> ResetAsync(params string[] scope)
    {
        var run = await _stack.JsonAsync(["groups", "reset", "billing", "--yes", .. scope]);
        run.ExitCode.ShouldBe(0, run.Output + run.Errors);
        var result = run.Result("groups-reset");
        result.GetProperty("reset").GetBoolean().ShouldBeTrue();
        return result;
    }

    private async Task<long> LagAsync() => (await _stack.JsonAsync("groups", "describe", "billing")).Result("groups-describe").GetProperty("lag").GetInt64();
}
