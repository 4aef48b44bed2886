using System.CommandLine;
using SchemaStream.Broker;
using SchemaStream.Cli.Processes;

namespace SchemaStream.Cli.Brokers;

/// <summary><c>schemastream broker</c>: one node in the foreground.</summary>
/// <remarks>Its options, the line it prints and the file <c>pid</c> are a promise: scripts outside this repository rely on them.</remarks>
internal static class BrokerCommand
{
    public const string Name = "broker";

    /// <summary>Stop when standard input ends: for a process that started this one and may die.</summary>
    public const string StopWithInput = "--stop-with-stdin";

    public static Command Create()
    {
        var config = CommandOptions.ConfigFile("The node's settings, in the syntax of Kafka's server.properties");
        var logLevel = CommandOptions.LogLevel();
        var stopWithInput = new Option<bool>(StopWithInput)
        {
            Description = "Stop when standard input ends, as it does when the process that started this one dies",
        };
        var command = new Command(Name, "Runs one broker or controller of a cluster, until Ctrl-C or SIGTERM.")
        {
            config, logLevel, stopWithInput,
        };
        command.SetAction(async (arguments, cancellation) =>
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            if (arguments.GetValue(stopWithInput))
            {
                StandardInput.CancelAtEnd(stop);
            }

            using var logs = ConsoleLogs.Create(arguments.GetValue(logLevel));
            try
            {
                return await BrokerNode.RunAsync(arguments.GetRequiredValue(config).FullName, logs, stop.Token);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return ExitCodes.Done; // told to stop before it was ready
            }
            catch (Exception e) when (e is BrokerStartException or IOException or UnauthorizedAccessException)
            {
                await Console.Error.WriteLineAsync($"schemastream broker: {e.Message}");
                return ExitCodes.Failed;
            }
        });
        return command;
    }
}
