using Microsoft.Extensions.Logging;
using SchemaStream.Broker;
using SchemaStream.Cli.Brokers;
using SchemaStream.Cli.Processes;
using SchemaStream.Registry;

namespace SchemaStream.Cli.Up;

/// <summary>Several brokers, each a process of its own, and the registry in this one.</summary>
internal static class ClusterStack
{
    /// <summary>Beyond what a broker takes to hand its leaderships over and close its logs.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(50);

    public static async Task<int> ServeAsync(StackOptions options, CancellationToken cancellation)
    {
        var settings = ClusterLayout.SharedSettings(options);
        using var logs = ConsoleLogs.Create(settings, options.LogLevel);
        var logger = logs.CreateLogger(typeof(ClusterStack).FullName!);
        var places = ClusterLayout.Prepare(options);
        var brokers = new List<BrokerProcess>();
        try
        {
            brokers.AddRange(places.Select(place => BrokerProcess.Start(place, options)));
            var addresses = await AllReadyAsync(brokers, logger).WaitAsync(cancellation);
            await ClusterView.UntilAllKnowAllAsync(addresses, cancellation);
            var registryOptions = StackRegistry.OptionsOf(options, KafkaStoreOptions.Brokers(string.Join(',', addresses)));
            await using var registry = await RegistryHost.StartAsync(
                registryOptions with { LogOpening = LogOpening.BeforeListening }, logs, cancellation);
            if (options.SeedsDemo)
            {
                await Stack.SeedAsync(string.Join(',', addresses), registry, cancellation);
            }

            Console.WriteLine($"ready kafka={string.Join(',', addresses)} registry={registry.BaseAddress.ToString().TrimEnd('/')}");
            var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = cancellation.Register(stop.SetResult);
            await Task.WhenAll(brokers.Select(broker => WatchAsync(broker, stop.Task, logger)));
            await stop.Task;
            return ExitCodes.Done;
        }
        finally
        {
            await StopAllAsync(brokers, logger);
        }
    }

    /// <summary>The brokers' addresses in their order, or an error as soon as one of them has ended.</summary>
    private static async Task<string[]> AllReadyAsync(List<BrokerProcess> brokers, ILogger logger)
    {
        var addresses = brokers.Select(broker => ReadyAsync(broker, logger)).ToArray();
        await foreach (var one in Task.WhenEach(addresses))
        {
            await one;
        }

        return await Task.WhenAll(addresses);
    }

    private static async Task<string> ReadyAsync(BrokerProcess broker, ILogger logger)
    {
        await Task.WhenAny(broker.Ready, broker.Exited);
        if (!broker.Ready.IsCompletedSuccessfully)
        {
            throw new BrokerStartException(
                $"broker {broker.Place.NodeId} ended with exit code {await broker.Exited} before it served; its reason stands above");
        }

        var address = await broker.Ready;
        logger.BrokerServes(broker.Place.NodeId, address, broker.ProcessId);
        return address;
    }

    /// <summary>A broker that dies is told, and left to whoever restarts it: the cluster is made to go on without it.</summary>
    private static async Task WatchAsync(BrokerProcess broker, Task stop, ILogger logger)
    {
        await Task.WhenAny(broker.Exited, stop);
        if (!stop.IsCompleted)
        {
            logger.BrokerEnded(
                broker.Place.NodeId,
                broker.ProcessId,
                await broker.Exited,
                $"{ThisProgram.Name} {BrokerCommand.Name} --config {broker.Place.ConfigPath}");
        }
    }

    /// <summary>All at once: each hands over what it can, and the last ones have no one to hand it to.</summary>
    private static async Task StopAllAsync(List<BrokerProcess> brokers, ILogger logger)
    {
        await Task.WhenAll(brokers.Select(async broker =>
        {
            await broker.StopAsync(StopLimit);
            if (PidFile.Read(broker.Place.ConfigPath) is { } other
                && other != broker.ProcessId
                && NodeProcess.Runs(other, broker.Place.ConfigPath))
            {
                logger.StoppingRestarted(broker.Place.NodeId, other);
                await NodeProcess.StopAsync(other, StopLimit);
            }
        }));
        brokers.ForEach(broker => broker.Dispose());
    }
}
