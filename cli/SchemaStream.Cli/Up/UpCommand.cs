using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace SchemaStream.Cli.Up;

/// <summary><c>schemastream up</c>: broker and registry in one process, or a cluster of brokers beside it.</summary>
/// <remarks>Names and meaning of these options are a promise: scripts outside this repository rely on them.</remarks>
internal static class UpCommand
{
    private const int DefaultKafkaPort = 9092;
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
        var host = new Option<string>("--host")
        {
            Description = "The address to bind to",
            HelpName = "ADDRESS",
            DefaultValueFactory = _ => "127.0.0.1",
        };
        var kafkaPort = Port("--kafka-port", DefaultKafkaPort, "The broker's port, and the following ones for further brokers; 0 takes free ones");
        var controllerPort = Port(
            "--controller-port", 0, "The first controller's port where several brokers are made, and the following ones; 0 takes free ones");
        var registryPort = Port("--registry-port", DefaultRegistryPort, "The registry's port; 0 takes a free one");
        var settings = new Option<string[]>("--set")
        {
            Description = "A broker setting by Kafka's name, such as num.partitions=3; may be repeated",
            HelpName = "KEY=VALUE",
            DefaultValueFactory = _ => [],
        };
        settings.Validators.Add(RefuseWhatIsNoPair);
        var logLevel = CommandOptions.LogLevel();

        var command = new Command("up", "Starts broker and registry, until Ctrl-C or SIGTERM.")
        {
            dataDirectory, brokers, host, kafkaPort, controllerPort, registryPort, settings, logLevel,
        };
        command.SetAction((arguments, cancellation) => Stack.RunAsync(
            new StackOptions(
                arguments.GetRequiredValue(dataDirectory),
                arguments.GetValue(brokers),
                arguments.GetRequiredValue(host),
                arguments.GetValue(kafkaPort),
                arguments.GetValue(registryPort),
                Pairs(arguments.GetRequiredValue(settings)),
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

    private static void RefuseWhatIsNoPair(OptionResult result)
    {
        foreach (var token in result.Tokens)
        {
            if (token.Value.IndexOf('=', StringComparison.Ordinal) < 1)
            {
                result.AddError($"--set {token.Value}: expected KEY=VALUE, such as --set num.partitions=3");
            }
        }
    }

    private static Dictionary<string, string> Pairs(string[] settings)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var setting in settings)
        {
            var equals = setting.IndexOf('=', StringComparison.Ordinal);
            pairs[setting[..equals].Trim()] = setting[(equals + 1)..].Trim(); // a later one wins, as on every command line
        }

        return pairs;
    }
}
