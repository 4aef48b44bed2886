using SchemaStream.TestKit;

namespace SchemaStream.Cli.Tests.Kafka.Acls;

public sealed class AclsToolTests : IAsyncLifetime
{
    private const string Tool = "kafka-acls --bootstrap-server <server_name>";
    private readonly RuleKeepingBroker _broker = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _broker.DisposeAsync();

    [Fact]
    public async Task Rules_AreAddedListedAndRemoved()
    {
        var added = await RunAsync(
            Tool + " --add --allow-principal User:Bob --allow-principal User:Alice --allow-host 10.0.0.1 --operation Read --operation DescribeConfigs --topic orders");
        (added.ExitCode, added.Errors).ShouldBe((0, ""));
        added.Output.ShouldBe(
            "Adding ACLs for resource `ResourcePattern(resourceType=TOPIC, name=orders, patternType=LITERAL)`: \n" +
            " \t(principal=User:Bob, host=10.0.0.1, operation=READ, permissionType=ALLOW)\n" +
            "\t(principal=User:Bob, host=10.0.0.1, operation=DESCRIBE_CONFIGS, permissionType=ALLOW)\n" +
            "\t(principal=User:Alice, host=10.0.0.1, operation=READ, permissionType=ALLOW)\n" +
            "\t(principal=User:Alice, host=10.0.0.1, operation=DESCRIBE_CONFIGS, permissionType=ALLOW) \n\n");
        (await RunAsync(Tool + " --add --deny-principal User:* --group readers --resource-pattern-type prefixed")).ExitCode.ShouldBe(0);

        (await RunAsync(Tool + " --list --group readers --resource-pattern-type any")).Output.ShouldBe(
            "Current ACLs for resource `ResourcePattern(resourceType=GROUP, name=readers, patternType=PREFIXED)`: \n" +
            " \t(principal=User:*, host=*, operation=ALL, permissionType=DENY) \n\n");
        (await RunAsync(Tool + " --list --principal User:Alice")).Output.ShouldBe(
            "ACLs for principal `User:Alice`\n" +
            "Current ACLs for resource `ResourcePattern(resourceType=TOPIC, name=orders, patternType=LITERAL)`: \n" +
            " \t(principal=User:Alice, host=10.0.0.1, operation=READ, permissionType=ALLOW)\n" +
            "\t(principal=User:Alice, host=10.0.0.1, operation=DESCRIBE_CONFIGS, permissionType=ALLOW) \n\n");

        var asked = await RunAsync(Tool + " --remove --topic orders", "n\n");
        (asked.ExitCode, asked.Output).ShouldBe((0,
            "Are you sure you want to delete all ACLs for resource filter `ResourcePattern(resourceType=TOPIC, name=orders, patternType=LITERAL)`? (y/n)\n"));
        (await RunAsync(Tool + " --list --topic orders")).Output.ShouldContain("User:Bob", Case.Sensitive, "no is no");
        (await RunAsync(Tool + " --remove --allow-principal User:Bob --allow-host 10.0.0.1 --operation Read --topic orders", "y\n")).ExitCode.ShouldBe(0);
        (await RunAsync(Tool + " --list --principal User:Bob")).Output.ShouldBe(
            "ACLs for principal `User:Bob`\n" +
            "Current ACLs for resource `ResourcePattern(resourceType=TOPIC, name=orders, patternType=LITERAL)`: \n" +
            " \t(principal=User:Bob, host=10.0.0.1, operation=DESCRIBE_CONFIGS, permissionType=ALLOW) \n\n");
        (await RunAsync(Tool + " --remove --topic orders --force")).Output.ShouldBe("");
        (await RunAsync(Tool + " --list --topic orders")).Output.ShouldBe("");
    }

    [Fact]
    public async Task ProducersAndConsumers_GetAllThatTheyNeed()
    {
        var run = await RunAsync(Tool + " --add --allow-principal User:shop --producer --idempotent --consumer --topic orders --group readers");

        run.ExitCode.ShouldBe(0, run.Errors);
        var all = (await RunAsync(Tool + " --list")).Output;
        Operations(all, "TOPIC").ShouldBe(["READ", "DESCRIBE", "WRITE", "CREATE"], ignoreOrder: true);
        Operations(all, "GROUP").ShouldBe(["READ"]);
        Operations(all, "CLUSTER").ShouldBe(["IDEMPOTENT_WRITE"]);
    }

    [Fact]
    public async Task ABrokerWithoutRules_IsSaidToHaveNone()
    {
        await using var broker = await TestBroker.StartAsync();

        foreach (var command in new[] { " --list", " --add --allow-principal User:a --topic t", " --remove --topic t --force" })
        {
            var run = await ToolRun.OfAsync(broker, Tool + command);

            run.ExitCode.ShouldBe(1);
            run.Output.ShouldContain(
                "Error while executing ACL command: org.apache.kafka.common.errors.SecurityDisabledException: No Authorizer is configured on the broker.\n");
            run.Errors.ShouldContain("This cluster keeps no access rules");
        }
    }

    [Theory]
    [InlineData(Tool, "Command must include exactly one action: --list, --add, --remove.")]
    [InlineData("kafka-acls --list", "One of --bootstrap-server or --bootstrap-controller must be specified")]
    [InlineData(Tool + " --add --topic t", "You must specify one of: --allow-principal, --deny-principal when trying to add ACLs.")]
    [InlineData(Tool + " --add --allow-principal User:a", "You must provide at least one resource: --topic <topic> or --cluster or --group <group>")]
    [InlineData(Tool + " --add --allow-principal a --topic t", "expected a string in format principalType:principalName but got a")]
    [InlineData(Tool + " --add --allow-principal User:a --topic t --operation Fly", "Unknown operation: Fly")]
    [InlineData(Tool + " --add --allow-principal User:a --group t --operation Write", "ResourceType GROUP only supports operations ")]
    [InlineData(Tool + " --add --allow-principal User:a --topic t --resource-pattern-type any", "A '--resource-pattern-type' value of 'any' is not valid when adding acls.")]
    [InlineData(Tool + " --list --resource-pattern-type odd", "Unknown resource-pattern-type: odd")]
    [InlineData(Tool + " --list --allow-principal User:a", "Option \"[list]\" can't be used with option \"[allow-principal]\"")]
    [InlineData(Tool + " --add --producer --allow-principal User:a", "With --producer you must specify a --topic")]
    [InlineData(Tool + " --add --consumer --allow-principal User:a --topic t", "With --consumer you must specify a --topic and a --group")]
    [InlineData(Tool + " --add --idempotent --allow-principal User:a", "The --idempotent option is only available if --producer is set")]
    [InlineData(Tool + " --remove --principal User:a --topic t", "The --principal option is only available if --list is set")]
    public async Task WhatIsWrong_IsSaid(string line, string said)
    {
        var run = await RunAsync(line);

        (run.ExitCode, run.Output).ShouldBe((1, ""));
        run.Errors.ShouldContain(said);
    }

    private static string[] Operations(string output, string resource)
    {
        var from = output.IndexOf($"resourceType={resource},", StringComparison.Ordinal);
        var text = output[from..output.IndexOf("\n\n", from, StringComparison.Ordinal)];
        return [.. text.Split("operation=").Skip(1).Select(each => each[..each.IndexOf(',', StringComparison.Ordinal)])];
    }

    private Task<ToolRun> RunAsync(string line, string input = "") => ToolRun.OfAsync(_broker.BootstrapServers, line, input);
}
