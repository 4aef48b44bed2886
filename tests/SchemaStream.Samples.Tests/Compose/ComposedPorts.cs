using System.Globalization;
using System.Text.RegularExpressions;
using SchemaStream.TestKit;

namespace SchemaStream.Samples.Tests.Compose;

/// <summary>
/// Containers have an address each, processes of one machine share it: every port of every service becomes a free one, and
/// every text that names a service or a port is told so.
/// </summary>
internal sealed partial class ComposedPorts(IReadOnlyList<ComposedService> services, string directory)
{
    private const string Loopback = "127.0.0.1";

    private readonly Dictionary<(string Service, int Port), int> _ports = [];

    /// <summary>Where something that is published to this machine is.</summary>
    public string Published(int port)
    {
        var (service, target) = services.SelectMany(service => service.Ports.Select(pair => (service.Name, Pair: pair)))
            .Where(entry => entry.Pair.Published == port).Select(entry => (entry.Name, entry.Pair.Target)).Distinct().ShouldHaveSingleItem();
        return Address(service, target);
    }

    public IReadOnlyDictionary<string, string> EnvironmentOf(ComposedService service) =>
        service.Environment.ToDictionary(variable => variable.Key, variable => Translate(service, variable.Value));

    public IReadOnlyList<string> CommandOf(ComposedService service) => [.. service.Command.Select(word => Translate(service, word))];

    private string Translate(ComposedService service, string text)
    {
        text = Volume().Replace(text, _ => Directory.CreateDirectory(Path.Combine(directory, service.Name)).FullName + "/");
        text = Outside().Replace(text, match => Published(PortOf(match)));
        text = Everywhere().Replace(text, match => "://" + Address(service.Name, PortOf(match)));
        text = Named().Replace(text, match => Address(match.Groups["name"].Value, PortOf(match)));
        return services.Any(other => other.Name == text) ? Loopback : text;
    }

    private string Address(string service, int port)
    {
        services.ShouldContain(known => known.Name == service);
        if (!_ports.TryGetValue((service, port), out var free))
        {
            _ports[(service, port)] = free = FreePorts.TakeOne();
        }

        return string.Create(CultureInfo.InvariantCulture, $"{Loopback}:{free}");
    }

    private static int PortOf(Match match) => int.Parse(match.Groups["port"].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("^/var/lib/(kafka|schemastream)/")]
    private static partial Regex Volume();

    /// <summary>What this machine is told: a published port.</summary>
    [GeneratedRegex(@"127\.0\.0\.1:(?<port>[0-9]+)")]
    private static partial Regex Outside();

    /// <summary>What is listened on.</summary>
    [GeneratedRegex(@"://(0\.0\.0\.0)?:(?<port>[0-9]+)")]
    private static partial Regex Everywhere();

    /// <summary>What other containers are told.</summary>
    [GeneratedRegex("(?<name>[a-z]+(-[a-z0-9]+)*):(?<port>[0-9]{4,5})")]
    private static partial Regex Named();
}
