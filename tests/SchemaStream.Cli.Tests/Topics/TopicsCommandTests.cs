using System.Text.Json;

namespace SchemaStream.Cli.Tests.Topics;

/// <summary><c>schemastream topics</c> over a running broker and registry.</summary>
public sealed class TopicsCommandTests : IAsyncLifetime
{
    private const string Order = """{"type": "record", "name": "Order", "namespace": "acme", "fields": [{"name": "id", "type": "long"}]}""";

    private RunningStack _stack = null!;

    public async Task InitializeAsync() => _stack = await RunningStack.StartAsync();

    public async Task DisposeAsync() => await _stack.DisposeAsync();

    [Fact]
    public async Task Create_List_Describe_WithTheContractThatTheRegistryKnows()
    {
        var tried = await _stack.JsonAsync("topics", "create", "orders", "--partitions", "3", "--dry-run");
        tried.Result("topics-create").GetProperty("created").GetBoolean().ShouldBeFalse();
        (await _stack.RunAsync("topics", "list")).Output.ShouldBe("TOPIC  PARTITIONS  REPLICAS  KEY  VALUE\n");

        var created = await _stack.JsonAsync("topics", "create", "orders", "--partitions", "3", "--config", "retention.ms=86400000");
        created.ExitCode.ShouldBe(0, created.Output + created.Errors);
        created.Result("topics-create").GetProperty("created").GetBoolean().ShouldBeTrue();
        await _stack.RegisterAsync("orders-value", Order);

        var listed = (await _stack.JsonAsync("topics", "list")).Result("topics-list").GetProperty("topics")[0];
        listed.GetProperty("partitions").GetInt32().ShouldBe(3);
        listed.GetProperty("contract").GetProperty("value").GetString()!.ShouldContain("acme.Order");
        (await _stack.RunAsync("topics", "list", "--prefix", "x")).Output.ShouldNotContain("orders");

        var described = (await _stack.JsonAsync("topics", "describe", "orders")).Result("topics-describe");
        described.GetProperty("partitions").GetArrayLength().ShouldBe(3);
        described.GetProperty("partitions")[2].GetProperty("endOffset").GetInt64().ShouldBe(0);
        described.GetProperty("settings").EnumerateArray().ShouldContain(each => Is(each, "retention.ms", "86400000"));
        described.GetProperty("contract").GetProperty("value").GetString()!.ShouldContain("acme.Order");
        (await _stack.RunAsync("topics", "describe", "orders")).Output.ShouldContain("PARTITION  LEADER  REPLICAS  ISR  START  END");
    }

    [Fact]
    public async Task ATopicThatIsThere_IsNotCreatedAgain()
    {
        await _stack.CreateAsync("orders");

        var again = await _stack.JsonAsync("topics", "create", "orders");

        again.ExitCode.ShouldBe(1);
        CodeOf(again).ShouldBe("SS2006");
        (await _stack.JsonAsync("topics", "create", "orders", "--if-not-exists")).Result("topics-create").GetProperty("created").GetBoolean().ShouldBeFalse();
        (await _stack.RunAsync("topics", "create", "orders", "--partitions", "0")).ExitCode.ShouldBe(2);
        (await _stack.RunAsync("topics", "create", "new", "--config", "nonsense")).ExitCode.ShouldBe(2);
    }

    [Fact]
    public async Task ATopicThatIsNotThere_EndsWith5_AndANearOneIsNamed()
    {
        await _stack.CreateAsync("payments");

        var missing = await _stack.JsonAsync("topics", "describe", "paymnets");

        missing.ExitCode.ShouldBe(5);
        CodeOf(missing).ShouldBe("SS4001");
        missing.Result("error").GetProperty("error").GetProperty("nextStep").GetString().ShouldBe("Did you mean 'payments'?");
        (await _stack.RunAsync("topics", "delete", "paymnets", "--yes")).ExitCode.ShouldBe(5);
        (await _stack.RunAsync("topics", "alter", "paymnets", "--partitions", "2", "--yes")).ExitCode.ShouldBe(5);
        (await _stack.RunAsync("topics", "delete", "paymnets", "--if-exists", "--yes")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Delete_WithoutATerminal_NeedsYes_AndTouchesNothingUnlessAllAreThere()
    {
        await _stack.CreateAsync("one");
        await _stack.CreateAsync("two");

        var unasked = await _stack.JsonAsync("topics", "delete", "one");
        unasked.ExitCode.ShouldBe(2);
        CodeOf(unasked).ShouldBe("SS1002");
        (await _stack.JsonAsync("topics", "delete", "one", "--dry-run")).Result("topics-delete").GetProperty("topics")[0].GetProperty("deleted").GetBoolean().ShouldBeFalse();
        (await _stack.RunAsync("topics", "delete", "one", "gone", "--yes")).ExitCode.ShouldBe(5);
        (await _stack.RunAsync("topics", "list")).Output.ShouldContain("one");

        var deleted = await _stack.JsonAsync("topics", "delete", "one", "two", "--yes");
        deleted.ExitCode.ShouldBe(0, deleted.Output + deleted.Errors);
        deleted.Result("topics-delete").GetProperty("topics").EnumerateArray().ShouldAllBe(each => each.GetProperty("deleted").GetBoolean());
        (await _stack.JsonAsync("topics", "list")).Result("topics-list").GetProperty("topics").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Delete_OnATerminal_AsksAndTakesNoForAnAnswer()
    {
        await _stack.CreateAsync("orders");

        foreach (var answer in new[] { "", "\n", "n\n", "maybe\n" })
        {
            var run = await _stack.AtTerminalAsync(answer, "topics", "delete", "orders");
            run.ExitCode.ShouldBe(1);
            run.Errors.ShouldContain("Delete topic 'orders' with all its records? [y/N]");
            run.Errors.ShouldContain("SS1003");
            run.Output.ShouldNotContain("deleted");
        }

        (await _stack.AtTerminalAsync("y\n", "topics", "delete", "orders")).Output.ShouldContain("deleted topic orders");
    }

    [Fact]
    public async Task Alter_ShowsWhatIsAndWhatWillBe()
    {
        await _stack.CreateAsync("orders");

        var plan = (await _stack.JsonAsync("topics", "alter", "orders", "--partitions", "2", "--set", "retention.ms=1000", "--dry-run")).Result("topics-alter");
        plan.GetProperty("changed").GetBoolean().ShouldBeFalse();
        (await _stack.RunAsync("topics", "alter", "orders", "--partitions", "2")).ExitCode.ShouldBe(2);

        var changed = await _stack.JsonAsync("topics", "alter", "orders", "--partitions", "2", "--set", "retention.ms=1000", "--yes");
        changed.ExitCode.ShouldBe(0, changed.Output + changed.Errors);
        changed.Result("topics-alter").GetProperty("changed").GetBoolean().ShouldBeTrue();
        var described = (await _stack.JsonAsync("topics", "describe", "orders")).Result("topics-describe");
        described.GetProperty("partitions").GetArrayLength().ShouldBe(2);
        described.GetProperty("settings").EnumerateArray().ShouldContain(each => Is(each, "retention.ms", "1000"));

        (await _stack.JsonAsync("topics", "alter", "orders", "--set", "retention.ms=1000", "--yes")).Result("topics-alter").GetProperty("changed").GetBoolean().ShouldBeFalse();
        (await _stack.RunAsync("topics", "alter", "orders", "--unset", "retention.ms", "--yes")).ExitCode.ShouldBe(0);
        (await _stack.RunAsync("topics", "alter", "orders", "--partitions", "1", "--yes")).ExitCode.ShouldBe(2);
        (await _stack.RunAsync("topics", "alter", "orders", "--set", "retention.msx=1", "--yes")).Errors.ShouldContain("Did you mean 'retention.ms'?");
        (await _stack.RunAsync("topics", "alter", "orders")).ExitCode.ShouldBe(2);
    }

    [Fact]
    public async Task WhereNoBrokerAnswers_EndsWith3_AndWhereNoRegistryDoes_TopicsAreShownAllTheSame()
    {
        var gone = await CommandRun.OfAsync("topics", "list", "--bootstrap-server", "127.0.0.1:1", "--output", "json");
        gone.ExitCode.ShouldBe(3);
        CodeOf(gone).ShouldBe("SS2001");

        await _stack.CreateAsync("orders");
        var run = await CommandRun.OfAsync("topics", "describe", "orders", "--bootstrap-server", _stack.Broker.BootstrapServers, "--registry", "http://127.0.0.1:1");
        run.ExitCode.ShouldBe(0, run.Errors);
        run.Output.ShouldContain("topic  orders");
        run.Errors.ShouldContain("does not tell of contracts");
    }

    private static string CodeOf(CommandRun run) => run.Result("error").GetProperty("error").GetProperty("code").GetString()!;

    private static bool Is(JsonElement setting, string name, string value) =>
        setting.GetProperty("name").GetString() == name && setting.GetProperty("value").GetString() == value;
}
