using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using SchemaStream.Broker.Configuration;

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
        var noEnvironment = CommandOptions.NoEnvironment();
        var logLevel = CommandOptions.LogLevel();

        var command = new Command("up", "Starts broker and registry, until Ctrl-C or SIGTERM.")
        {
            dataDirectory, brokers, host, kafkaPort, controllerPort, registryPort, settings, noEnvironment, logLevel,
        };
        command.SetAction((arguments, cancellation) => Stack.RunAsync(
            new StackOptions(
                arguments.GetRequiredValue(dataDirectory),
                arguments.GetValue(brokers),
                arguments.GetValue(host),
                arguments.GetValue(kafkaPort),
                arguments.GetValue(registryPort),
                CommandOptions.Pairs(arguments.GetRequiredValue(settings)),
                arguments.GetValue(noEnvironment) ? [] : [.. EnvironmentSettings.OfThisProcess()],
                arguments.GetValue(logLevel),
                arguments.GetValue(controllerPort)),
            cancellation));
        return command;
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
