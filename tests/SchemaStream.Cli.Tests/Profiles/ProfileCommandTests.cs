using SchemaStream.TestKit;

namespace SchemaStream.Cli.Tests.Profiles;

/// <summary>Profiles, and where a command takes what it connects with from.</summary>
public sealed class ProfileCommandTests : IDisposable
{
    private readonly TempDirectory _home = new();
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);

    public ProfileCommandTests() => _environment["SCHEMASTREAM_CONFIG_HOME"] = _home.Path;

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Create_List_Use_Show_Delete()
    {
        await RunAsync(0, "profile", "create", "staging", "--bootstrap-server", "staging:9092", "--registry", "http://me:pass@staging:8081");
        await RunAsync(0, "profile", "create", "production", "--bootstrap-server", "production:9092", "--set", "security.protocol=SSL");
        (await RunAsync(2, "profile", "create", "staging")).Errors.ShouldContain("--overwrite");
        await RunAsync(0, "profile", "create", "staging", "--bootstrap-server", "staging:9093", "--overwrite");
        (await RunAsync(0, "profile", "use", "staging", "--output", "json")).Result("profile-use").GetProperty("inUse").GetString().ShouldBe("staging");
        var listed = (await RunAsync(0, "profile", "list", "--output", "json")).Result("profile-list").GetProperty("profiles");
        listed.EnumerateArray().Select(each => (each.GetProperty("profile").GetString(), each.GetProperty("inUse").GetBoolean()))
            .ShouldBe([("production", false), ("staging", true)]);
        (await RunAsync(0, "profile", "show")).Output.ShouldContain("staging:9093");

        await RunAsync(2, "profile", "delete", "staging");
        await RunAsync(0, "profile", "delete", "staging", "--yes");
        (await RunAsync(0, "profile", "list")).Output.ShouldNotContain("staging");
        (await RunAsync(2, "profile", "show")).Errors.ShouldContain("No profile is in use");
        (await RunAsync(5, "profile", "use", "producton")).Errors.ShouldContain("Did you mean 'production'?");
        await RunAsync(2, "profile", "create", "../x");
        await RunAsync(0, "profile", "use", "--none");
    }

    [Fact]
    public async Task Effective_NamesTheSourceOfEachValue()
    {
        await RunAsync(0, "profile", "create", "staging", "--bootstrap-server", "staging:9092", "--set", "client.id=me");
        await EffectiveAsync("bootstrap.servers", "127.0.0.1:9092", "default");

        await RunAsync(0, "profile", "use", "staging");
        await EffectiveAsync("bootstrap.servers", "staging:9092", "profile staging");
        await EffectiveAsync("client.id", "me", "profile staging");
        await EffectiveAsync("schema.registry.url", "http://127.0.0.1:8081", "default");

        _environment["SCHEMASTREAM_BOOTSTRAP_SERVERS"] = "environment:9092";
        await EffectiveAsync("bootstrap.servers", "environment:9092", "environment SCHEMASTREAM_BOOTSTRAP_SERVERS");
        await EffectiveAsync("bootstrap.servers", "staging:9092", "profile staging", "--profile", "staging");

        var file = Path.Combine(_home.Path, "client.properties");
        await File.WriteAllTextAsync(file, "bootstrap.servers=file:9092\n");
        await EffectiveAsync("bootstrap.servers", "file:9092", $"file {file}", "--command-config", file);
        await EffectiveAsync("bootstrap.servers", "switch:9092", "switch --bootstrap-server", "--command-config", file, "--bootstrap-server", "switch:9092");
    }

    [Fact]
    public async Task Secrets_AreNeverShown_AndOnlyTheOwnerReadsTheFile()
    {
        await RunAsync(
            0,
            "profile", "create", "secure", "--registry", "https://user:hunter2@registry", "--set", "ssl.key.password=hunter2",
            "--set", "sasl.jaas.config=org.apache x required username=\"u\" password=\"hunter2\";", "--set", "schema.registry.basic.auth.user.info=u:hunter2");

        foreach (var words in new string[][] { ["show", "secure"], ["show", "--effective", "--profile", "secure"] })
        {
            var text = await RunAsync(0, ["profile", .. words]);
            text.Output.ShouldContain("(hidden)");
            (text.Output + text.Errors).ShouldNotContain("hunter2");
            var json = await RunAsync(0, ["profile", .. words, "--output", "json"]);
            json.Result("profile-show").GetProperty("settings").EnumerateArray().Count(each => each.GetProperty("isSecret").GetBoolean()).ShouldBe(3);
            json.Output.ShouldNotContain("hunter2");
        }

        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(Path.Combine(_home.Path, "profiles", "secure.properties")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public async Task AProfileThatIsGone_IsNotReplacedByADefault()
    {
        await RunAsync(5, "topics", "list", "--profile", "nowhere");
        _environment["SCHEMASTREAM_PROFILE"] = "nowhere";
        (await RunAsync(5, "topics", "list", "--output", "json")).Result("error").GetProperty("error").GetProperty("code").GetString().ShouldBe("SS4005");
    }

    [Theory]
    [InlineData("list")]
    [InlineData("export", "--dir", "nowhere")]
    public async Task TheRegistrysTrustStore_IsReadByEveryCommand(params string[] command)
    {
        var config = Path.Combine(_home.Path, "tls.properties");
        var store = Path.Combine(_home.Path, "empty.pem");
        await File.WriteAllTextAsync(store, "no certificate\n");
        await File.WriteAllTextAsync(config, $"schema.registry.url=https://127.0.0.1:1\nschema.registry.ssl.truststore.location={store}\n");

        var run = await CommandRun.OfAsync(["schemas", .. command, "--command-config", config, "--output", "json"]);

        var error = run.Result("error").GetProperty("error");
        (run.ExitCode, error.GetProperty("code").GetString()).ShouldBe((1, "SS5001"));
        run.Output.ShouldContain("empty.pem");
    }

    [Fact]
    public async Task Commands_ConnectWithTheProfileInUse()
    {
        await using var stack = await RunningStack.StartAsync();
        await stack.CreateAsync("orders");
        await RunAsync(0, "profile", "create", "here", "--bootstrap-server", stack.Broker.BootstrapServers, "--registry", stack.Registry.Api.Name);
        await RunAsync(0, "profile", "use", "here");

        (await RunAsync(0, "topics", "list")).Output.ShouldContain("orders");
    }

    private async Task EffectiveAsync(string name, string value, string source, params string[] switches)
    {
        var run = await RunAsync(0, ["profile", "show", "--effective", "--output", "json", .. switches]);
        var setting = run.Result("profile-show").GetProperty("settings").EnumerateArray().Single(each => each.GetProperty("name").GetString() == name);
        setting.GetProperty("value").GetString().ShouldBe(value);
        setting.GetProperty("source").GetString().ShouldBe(source);
    }

    private async Task<CommandRun> RunAsync(int exitCode, params string[] args)
    {
        var run = await CommandRun.AtAsync("", isTerminal: false, name => _environment.GetValueOrDefault(name), args);
        run.ExitCode.ShouldBe(exitCode, run.Output + run.Errors);
        return run;
    }
}
