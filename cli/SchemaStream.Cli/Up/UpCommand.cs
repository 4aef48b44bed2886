using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using SchemaStream.Broker;
using SchemaStream.Broker.Configuration;
using SchemaStream.Cli.Registries;
using SchemaStream.Cli.Up.Demo;

namespace SchemaStream.Cli.Up;

/// <summary><c>schemastream up</c>: broker and registry in one process, or a cluster of brokers beside it.</summary>
/// <remarks>Names and meaning of these options are a promise: scripts outside this repository rely on them.</remarks>
internal static class UpCommand
{
    private const int DefaultRegistryPort = 8081;
    private const int MostBrokers = 99;

    public static Command Create()
    {
        var dataDirectory = new Option<DirectoryInfo>("--data-dir")
        {
            Description = "Where everything is kept; made when missing",
            HelpName = "DIR",
            DefaultValueFactory = _ => new DirectoryInfo("schemastream-data"),
        };
        var ephemeral = new Option<bool>(EphemeralRun.Option)
        {
            Description = "Keep everything in a directory for temporary files that is deleted at the end, and by the next start after a kill",
        };
        var seedDemo = new Option<bool>(DemoSeed.Option)
        {
            Description = "Make topics to try things on, with schemas, contracts and records: orders, payments, stock, page-views",
        };
        var brokers = new Option<int>("--brokers")
        {
            Description = "How many brokers; several are processes of their own, with everything of broker N in DIR/broker-N",
            HelpName = "COUNT",
            DefaultValueFactory = _ => 1,
        };
        brokers.Validators.Add(result => RequireNumber(result, 1, MostBrokers, "a number of brokers"));
        var host = new Option<string?>("--host")
        {
            Description = $"The address to bind to, {StackOptions.StandardHost} if not given",
            HelpName = "ADDRESS",
        };
        var kafkaPort = new Option<int?>("--kafka-port")
        {
            Description = $"The broker's port, and the following ones for further brokers; 0 takes free ones. {StackOptions.StandardKafkaPort} if not given",
            HelpName = "PORT",
        };
        kafkaPort.Validators.Add(result => RequireNumber(result, 0, ushort.MaxValue, "a port"));
        var controllerPort = Port(
            "--controller-port", 0, "The first controller's port where several brokers are made, and the following ones; 0 takes free ones");
        var registryPort = Port("--registry-port", DefaultRegistryPort, "The registry's port; 0 takes a free one");
        var settings = CommandOptions.Settings();
        var registrySettings = CommandOptions.Settings(StackRegistry.SetName);
        registrySettings.Description = "A registry setting by Confluent's name, such as contracts.implicit=record; may be repeated. It goes before variables and files";
        var registryConfig = new Option<FileInfo?>(StackRegistry.ConfigName)
        {
            Description = "The registry's settings, in the syntax of Confluent's schema-registry.properties",
            HelpName = "FILE",
        };
        var noEnvironment = CommandOptions.NoEnvironment();
        noEnvironment.Description = "Take no settings from environment variables (KAFKA_*, SCHEMASTREAM_*, SCHEMA_REGISTRY_*)";
        var logLevel = CommandOptions.LogLevel();

        var command = new Command("up", "Starts broker and registry, until Ctrl-C or SIGTERM.")
        {
            dataDirectory, ephemeral, seedDemo, brokers, host, kafkaPort, controllerPort, registryPort, settings, registrySettings, registryConfig,
            noEnvironment, logLevel,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(ephemeral) && result.GetResult(dataDirectory) is { Implicit: false })
            {
                result.AddError($"{EphemeralRun.Option}: expected no --data-dir, for nothing is to be kept");
            }
        });
        command.SetAction((arguments, cancellation) => LoadedAsync(arguments, registryConfig, file =>
        {
            KeyValuePair<string, string>[] environment = arguments.GetValue(noEnvironment) ? [] : [.. EnvironmentSettings.OfThisProcess()];
            var options = new StackOptions(
                arguments.GetRequiredValue(dataDirectory),
                arguments.GetValue(brokers),
                arguments.GetValue(host),
                arguments.GetValue(kafkaPort),
                arguments.GetValue(registryPort),
                CommandOptions.Pairs(arguments.GetRequiredValue(settings)),
                environment,
                arguments.GetValue(logLevel),
                arguments.GetValue(controllerPort))
            {
                RegistrySettings = ToldRegistrySettings.From(
                    file, environment, CommandOptions.Pairs(arguments.GetRequiredValue(registrySettings)), StackRegistry.SetName),
                SeedsDemo = arguments.GetValue(seedDemo),
            };
            return arguments.GetValue(ephemeral) ? EphemeralRun.RunAsync(options, cancellation) : Stack.RunAsync(options, cancellation);
        }));
        return command;
    }

    /// <summary>A file that cannot be read is told as one sentence.</summary>
    private static async Task<int> LoadedAsync(ParseResult arguments, Option<FileInfo?> config, Func<BrokerConfigFile?, Task<int>> run)
    {
        BrokerConfigFile? file;
        try
        {
            file = arguments.GetValue(config) is { } path ? BrokerConfigFile.Load(path.FullName) : null;
        }
        catch (Exception e) when (e is BrokerStartException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"schemastream up: {StackRegistry.ConfigName}: {e.Message}");
            return ExitCodes.Failed;
        }

        return await run(file);
    }

    private static Option<int> Port(string name, int standard, string description)
    {
        var option = new Option<int>(name) { Description = description, HelpName = "PORT", DefaultValueFactory = _ => standard };
        option.Validators.Add(result => RequireNumber(result, 0, ushort.MaxValue, "a port"));
        return option;
    }

    private static void RequireNumber(OptionResult result, int least, int most, string what)
    {
        foreach (var given in result.Tokens)
        {
            if (!int.TryParse(given.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < least || number > most)
            {
                result.AddError($"{result.Option.Name} {given.Value}: expected {what} from {least} to {most}");
            }
        }
    }
}
