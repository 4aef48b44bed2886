using System.CommandLine;
using SchemaStream.Broker;
using SchemaStream.Broker.Configuration;
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
        var config = CommandOptions.ConfigFile("The node's settings, in the syntax of Kafka's server.properties", required: false);
        var settings = CommandOptions.Settings();
        var noEnvironment = CommandOptions.NoEnvironment();
        var logLevel = CommandOptions.LogLevel();
        var stopWithInput = new Option<bool>(StopWithInput)
        {
            Description = "Stop when standard input ends, as it does when the process that started this one dies",
        };
        var command = new Command(
            Name, "Runs one broker or controller, until Ctrl-C or SIGTERM. Settings: --set, before KAFKA_* variables, before the file.")
        {
            config, settings, noEnvironment, logLevel, stopWithInput,
        };
        command.SetAction(async (arguments, cancellation) =>
        {
            using var signals = new StopSignals(Name, cancellation);
            if (arguments.GetValue(stopWithInput))
            {
                StandardInput.CancelAtEnd(signals.Stop);
            }

            var stop = signals.Stop.Token;
            try
            {
                return await BrokerNode.RunAsync(
                    arguments.GetValue(config) is { } file ? BrokerConfigFile.Load(file.FullName) : null,
                    CommandOptions.Pairs(arguments.GetRequiredValue(settings)),
                    !arguments.GetValue(noEnvironment),
                    arguments.GetValue(logLevel),
                    stop);
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
