using System.CommandLine;
using SchemaStream.Broker;
using SchemaStream.Broker.Configuration;
using SchemaStream.Cli.Brokers;
using SchemaStream.Cli.Processes;
using SchemaStream.Registry.Configuration;
using SchemaStream.Registry.Core.Records;
using SchemaStream.Registry.Security.Identities;

namespace SchemaStream.Cli.Registries;

/// <summary><c>schemastream registry</c>: one registry in the foreground, and what is done with a whole registry.</summary>
/// <remarks>Its options and the line it prints are a promise: scripts outside this repository rely on them.</remarks>
internal static class RegistryCommand
{
    public const string Name = "registry";

    public static Command Create()
    {
        var config = CommandOptions.ConfigFile(
            "The registry's settings, in the syntax of Confluent's schema-registry.properties", required: false);
        var settings = CommandOptions.Settings();
        settings.Description = "A setting by Confluent's name, such as kafkastore.topic=_schemas; may be repeated. It goes before variables and files";
        var noEnvironment = CommandOptions.NoEnvironment();
        noEnvironment.Description = "Take no settings from environment variables (SCHEMA_REGISTRY_*, SCHEMASTREAM_REGISTRY_*)";
        var logLevel = CommandOptions.LogLevel();
        var stopWithInput = new Option<bool>(BrokerCommand.StopWithInput)
        {
            Description = "Stop when standard input ends, as it does when the process that started this one dies",
        };
        var command = new Command(
            Name, "Runs one registry, until Ctrl-C or SIGTERM. Settings: --set, before SCHEMA_REGISTRY_* variables, before the file.")
        {
            config, settings, noEnvironment, logLevel, stopWithInput,
        };
        command.Subcommands.Add(ExportCommand.Create());
        command.Subcommands.Add(ImportCommand.Create());
        command.Subcommands.Add(HashPassword());
        command.SetAction(async (arguments, cancellation) =>
        {
            using var signals = new StopSignals(Name, cancellation);
            if (arguments.GetValue(stopWithInput))
            {
                StandardInput.CancelAtEnd(signals.Stop);
            }

            return await GuardAsync(() => RegistryNode.RunAsync(
                ToldRegistrySettings.From(
                    arguments.GetValue(config) is { } file ? BrokerConfigFile.Load(file.FullName) : null,
                    arguments.GetValue(noEnvironment) ? [] : EnvironmentSettings.OfThisProcess(),
                    CommandOptions.Pairs(arguments.GetRequiredValue(settings)),
                    "--set"),
                arguments.GetValue(logLevel),
                signals.Stop.Token), signals.Stop.Token);
        });
        return command;
    }

    /// <summary>The command's outcome as an exit code; what went wrong is one sentence.</summary>
    internal static async Task<int> GuardAsync(Func<Task<int>> run, CancellationToken stop)
    {
        try
        {
            return await run();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCodes.Done; // told to stop before it was ready
        }
        catch (Exception e) when (e is RegistryConfigurationException or BrokerStartException or RegistryLogException
            or RegistryCopyException or HttpRequestException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"schemastream {Name}: {e.Message}");
            return e is RegistryCopyException { IsUnreachable: true } ? ExitCodes.Unreachable : ExitCodes.Failed;
        }
    }

    private static Command HashPassword()
    {
        var command = new Command("hash-password", "Reads a password from standard input and prints its hash, for schemastream.users.file.");
        command.SetAction(async (_, cancellation) =>
        {
            var password = await Console.In.ReadLineAsync(cancellation);
            if (string.IsNullOrEmpty(password))
            {
                await Console.Error.WriteLineAsync("schemastream registry hash-password: expected a password on standard input");
                return ExitCodes.Failed;
            }

            Console.WriteLine(PasswordHash.Make(password));
            return ExitCodes.Done;
        });
        return command;
    }
}
