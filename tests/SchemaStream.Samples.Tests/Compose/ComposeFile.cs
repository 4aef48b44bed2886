using System.Diagnostics;
using System.Text.Json;
using SchemaStream.Samples.Tests.Programs;

namespace SchemaStream.Samples.Tests.Compose;

/// <summary><c>docker-compose.yml</c> as docker-compose itself understands it.</summary>
internal static class ComposeFile
{
    /// <summary>The Dockerfile's own, where a service names none.</summary>
    private static readonly Dictionary<string, string> Defaults = new() { ["PROJECT"] = "cli/SchemaStream.Cli", ["PROGRAM"] = "schemastream" };

    /// <summary>docker-compose checks and resolves the file; its YAML is read by the library that came with it.</summary>
    private const string ToJson = """
        import json, subprocess, sys, yaml
        config = subprocess.run(["docker-compose", *sys.argv[1:], "config"], capture_output=True, text=True)
        sys.stderr.write(config.stderr)
        json.dump(yaml.safe_load(config.stdout), sys.stdout)
        sys.exit(config.returncode)
        """;

    /// <summary>All services, of every profile.</summary>
    public static async Task<IReadOnlyList<ComposedService>> ReadAsync(params string[] options)
    {
        var start = new ProcessStartInfo(SourceTree.Python, ["-c", ToJson, .. options])
        {
            WorkingDirectory = SourceTree.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("DOCKER_HOST_IP");
        start.Environment.Remove("COMPOSE_PROFILES");
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, $"docker-compose config: run eng/setup.sh --tests if it is missing\n{await errors}");
        using var config = JsonDocument.Parse(output);
        return [.. config.RootElement.GetProperty("services").EnumerateObject().Select(service => Service(service.Name, service.Value))];
    }

    private static ComposedService Service(string name, JsonElement service) => new(
        name,
        service.GetProperty("image").GetString()!,
        BuildArgument(service, "PROJECT"),
        BuildArgument(service, "PROGRAM"),
        Texts(service, "profiles"),
        Texts(service, "command"),
        service.TryGetProperty("environment", out var environment)
            ? environment.EnumerateObject().ToDictionary(variable => variable.Name, variable => variable.Value.ToString())
            : new Dictionary<string, string>(),
        service.TryGetProperty("ports", out var ports)
            ? [.. ports.EnumerateArray().Select(port => (port.GetProperty("published").GetInt32(), port.GetProperty("target").GetInt32()))]
            : [],
        [.. Texts(service, "volumes").Select(volume => volume.Split(':')[1])],
        service.TryGetProperty("networks", out var networks) ? Texts(networks.GetProperty("default"), "aliases") : []);

    private static string? BuildArgument(JsonElement service, string name) =>
        !service.TryGetProperty("build", out var build) ? null
        : build.TryGetProperty("args", out var arguments) ? arguments.GetProperty(name).GetString()
        : Defaults[name];

    private static IReadOnlyList<string> Texts(JsonElement element, string name) =>
        element.TryGetProperty(name, out var list) ? [.. list.EnumerateArray().Select(item => item.ToString())] : [];
}
