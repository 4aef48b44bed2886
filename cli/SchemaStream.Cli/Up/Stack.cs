using Microsoft.Extensions.Logging;
using SchemaStream.Broker;
using SchemaStream.Broker.Configuration;
using SchemaStream.Broker.Nodes;
using SchemaStream.Broker.Server.Settings;
using SchemaStream.Cli.Brokers;
using SchemaStream.Cli.Processes;
using SchemaStream.Cli.Up.Demo;
using SchemaStream.Protocol.Client.Clusters;
using SchemaStream.Registry;
using SchemaStream.Registry.Configuration;
using SchemaStream.Registry.Core.Records;

namespace SchemaStream.Cli.Up;

/// <summary>One broker and the registry in this process, started side by side; the registry stops first.</summary>
internal static class Stack
{
    private const string Command = "up";

    public static async Task<int> RunAsync(StackOptions options, CancellationToken cancellation)
    {
        using var signals = new StopSignals(Command, cancellation);
        var stop = signals.Stop.Token;
        try
        {
            return options.Brokers == 1 ? await ServeAsync(options, stop) : await ClusterStack.ServeAsync(options, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCodes.Done; // told to stop before it was ready
        }
        catch (Exception e) when (e is BrokerStartException or RegistryConfigurationException or RegistryLogException or DemoSeedException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"schemastream {Command}: {StartFailure.Explain(e, options)}");
            return ExitCodes.Failed;
        }
    }

    private static async Task<int> ServeAsync(StackOptions options, CancellationToken cancellation)
    {
        ClusterLayout.RefuseAnotherLayout(options);
        var brokerOptions = BrokerOptionsOf(options);
        using var logs = ConsoleLogs.Create(NodeConfiguration.From(brokerOptions).Settings, options.LogLevel);

        // The registry listens while the broker starts, and reads its log from the broker's topics as soon as there are any.
        var address = new TaskCompletionSource<IReadOnlyList<BrokerAddress>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var registryOptions = StackRegistry.OptionsOf(options, async token => await address.Task.WaitAsync(token));
        var starting = Task.Run(() => RegistryHost.StartAsync(registryOptions, logs, cancellation), CancellationToken.None);
        await using var broker = await StartBrokerAsync(brokerOptions, logs, starting, cancellation);
        address.SetResult(BrokerAddress.ParseAll(broker.BootstrapServers));
        int code;
        await using (var registry = await starting)
        {
            if (options.SeedsDemo)
            {
                await registry.Opened.WaitAsync(cancellation);
                await SeedAsync(broker.BootstrapServers, registry, cancellation);
            }

            Console.WriteLine(
                $"ready kafka={broker.BootstrapServers} registry={registry.BaseAddress.ToString().TrimEnd('/')}{RunningNode.Http(broker)}");
            code = await UntilStoppedAsync(broker, registry, cancellation);
        }

        return await RunningNode.StopAsync(broker) ? code : ExitCodes.Cut;
    }

    /// <summary>What is ready has the demonstration's topics.</summary>
    internal static async Task SeedAsync(string bootstrapServers, RegistryHost registry, CancellationToken cancellation)
    {
        var made = await DemoSeed.RunAsync(bootstrapServers, registry.BaseAddress, Console.Error, cancellation);
        if (made.Count > 0)
        {
            await Console.Error.WriteLineAsync($"schemastream {Command}: {DemoSeed.Option}: made topics {string.Join(", ", made)}");
        }
    }

    /// <summary>As a broker alone, and also when the registry's log cannot be read after all.</summary>
    private static async Task<int> UntilStoppedAsync(BrokerHost broker, RegistryHost registry, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var stopping = RunningNode.UntilStoppedAsync(broker, either.Token);
        if (await Task.WhenAny(stopping, registry.Opened) == registry.Opened && registry.Opened.IsFaulted)
        {
            await either.CancelAsync();
            await stopping;
            await registry.Opened;
        }

        return await stopping;
    }

    /// <summary>The registry is not left behind when the broker does not start.</summary>
    private static async Task<BrokerHost> StartBrokerAsync(
        BrokerOptions options, ILoggerFactory logs, Task<RegistryHost> registry, CancellationToken cancellation)
    {
        try
        {
            return await BrokerHost.StartAsync(options, logs, TimeProvider.System, cancellation);
        }
        catch
        {
            await ((Task)registry).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (registry.IsCompletedSuccessfully)
            {
                await (await registry).DisposeAsync();
            }

            throw;
        }
    }

    /// <summary>The command's own options, where no setting takes their place.</summary>
    internal static BrokerOptions BrokerOptionsOf(StackOptions options)
    {
        var configuration = BrokerConfiguration.From(null, options.BrokerEnvironment, options.BrokerSettings);
        var settings = configuration.Settings;
        var hasListeners = settings.ContainsKey(BrokerSettingNames.Listeners);
        var hasDirectory = settings.ContainsKey(BrokerSettingNames.LogDirs) || settings.ContainsKey(BrokerSettingNames.LogDir);
        return BrokerOptions.From(configuration) with
        {
            DataDirectory = hasDirectory ? null : Path.Combine(options.DataDirectory.FullName, "broker"),
            Host = hasListeners ? options.Host : options.Host ?? StackOptions.StandardHost,
            Port = hasListeners ? options.KafkaPort : options.KafkaPort ?? StackOptions.StandardKafkaPort,
        };
    }
}
