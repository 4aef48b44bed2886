using System.Text.RegularExpressions;
using System.Xml.Linq;
using SchemaStream.Samples.Tests.Programs;
using SchemaStream.TestKit;

namespace SchemaStream.Samples.Tests.Compose;

/// <summary>What <c>docker-compose.yml</c> and the Dockerfile say is true of this repository.</summary>
public sealed partial class ComposeFileTests
{
    [Theory]
    [InlineData("schemastream", "broker")]
    [InlineData("kafka", "kafka")]
    public async Task Profile_HasThreeBrokersTwoRegistriesAndTheShop(string profile, string brokers)
    {
        var services = await ComposeFile.ReadAsync("--profile", profile);

        services.Where(service => service.IsIn(profile)).Select(service => service.Name).Order(StringComparer.Ordinal).ShouldBe(
            new[]
            {
                "analytics", $"{brokers}-1", $"{brokers}-2", $"{brokers}-3", "inventory", "notifications", "orders-api", "payments", "registry-1", "registry-2",
            }.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task KafkaProfile_SwapsTheBrokers_AndNothingElse()
    {
        var services = (await ComposeFile.ReadAsync()).ToDictionary(service => service.Name);
        foreach (var number in new[] { 1, 2, 3 })
        {
            var (ours, apaches) = (services[$"broker-{number}"], services[$"kafka-{number}"]);
            apaches.Image.ShouldStartWith("apache/kafka:");
            apaches.Environment.ShouldBe(ours.Environment, ignoreOrder: true);
            apaches.Ports.ShouldBe(ours.Ports);
            apaches.VolumeTargets.ShouldBe(ours.VolumeTargets);
            apaches.Aliases.ShouldBe([ours.Name], "the others find it by the same name");
        }
    }

    [Fact]
    public async Task Brokers_TellClientsInsideAndOutsideWhatEachCanReach()
    {
        foreach (var broker in (await ComposeFile.ReadAsync()).Where(service => service.IsIn("schemastream") && service.Command is ["broker"]))
        {
            var told = broker.Environment["KAFKA_ADVERTISED_LISTENERS"].Split(',');
            told.ShouldContain($"INTERNAL://{broker.Name}:29092");
            var (published, target) = broker.Ports.ShouldHaveSingleItem();
            told.ShouldContain($"EXTERNAL://127.0.0.1:{published}");
            broker.Environment["KAFKA_LISTENERS"].Split(',').ShouldContain($"EXTERNAL://:{target}");
        }
    }

    /// <summary>The default profile of a plain <c>docker-compose up</c>.</summary>
    [Fact]
    public void EnvironmentFile_NamesTheBundledBrokers() =>
        File.ReadLines(SourceTree.File(".env")).ShouldContain("COMPOSE_PROFILES=schemastream");

    [Fact]
    public async Task Images_AreOfProgramsThatThereAre()
    {
        foreach (var service in (await ComposeFile.ReadAsync()).Where(service => service.Project is not null))
        {
            var project = Directory.GetFiles(SourceTree.File(service.Project!), "*.csproj").ShouldHaveSingleItem();
            var assembly = XDocument.Load(project).Descendants("AssemblyName").FirstOrDefault()?.Value ?? Path.GetFileNameWithoutExtension(project);
            assembly.ShouldBe(service.Program, service.Name);
        }
    }

    [Fact]
    public void Dockerfile_RunsScriptsThatThereAre()
    {
        var scripts = Script().Matches(File.ReadAllText(SourceTree.File("Dockerfile"))).Select(match => match.Value).Distinct().ToList();

        scripts.ShouldContain("eng/publish-program.sh");
        scripts.ShouldAllBe(script => File.Exists(SourceTree.File(script)));
    }

    /// <summary>The stack in one container: it listens on every address, and tells clients one that they can reach.</summary>
    [Fact]
    public async Task DockerRun_AsTheDockerfileShowsIt_StartsTheStack()
    {
        using var directory = new TempDirectory();
        var shown = Run().Match(File.ReadAllText(SourceTree.File("Dockerfile")));
        var (kafka, registry) = (FreePorts.TakeOne(), FreePorts.TakeOne());
        string WithPort(string text) => text.Replace("9092", $"{kafka}", StringComparison.Ordinal).Replace("8081", $"{registry}", StringComparison.Ordinal);

        await using var stack = await ProgramProcess.StartAsync(
            new Dictionary<string, string> { [shown.Groups["name"].Value] = WithPort(shown.Groups["value"].Value) },
            [.. shown.Groups["arguments"].Value.Split(' ').Select(WithPort), "--data-dir", directory.Path]);

        stack.ReadyLine.ShouldStartWith($"ready kafka=127.0.0.1:{kafka} registry=http://127.0.0.1:{registry}");
        stack.Log.ShouldContain($"Listening on 0.0.0.0:{kafka}");
    }

    /// <summary>What a volume is to keep must lie where the volume is.</summary>
    [Fact]
    public async Task Volumes_OfServices_AreThoseOfTheImage_OwnedByItsUser()
    {
        var dockerfile = File.ReadAllText(SourceTree.File("Dockerfile"));
        foreach (var service in (await ComposeFile.ReadAsync()).Where(service => service.Project is not null))
        {
            service.VolumeTargets.ShouldAllBe(target => dockerfile.Contains($"\"{target}\"", StringComparison.Ordinal) && dockerfile.Contains($" {target}", StringComparison.Ordinal));
        }

        dockerfile.ShouldContain("chown -R $APP_UID /var/lib/kafka /var/lib/schemastream");
    }

    [GeneratedRegex(@"-e (?<name>\w+)=(?<value>\S+) \\\n#\s+schemastream (?<arguments>.*)")]
    private static partial Regex Run();

    [GeneratedRegex(@"eng/[\w-]+\.sh")]
    private static partial Regex Script();
}
