using System.Diagnostics;
using SchemaStream.Cli.Completion;
using SchemaStream.TestKit;

namespace SchemaStream.Cli.Tests.Completion;

/// <summary>What may follow, as the program says it and as shells show it.</summary>
public sealed class CompletionTests : IAsyncLifetime
{
    private const string Order = """{"type": "record", "name": "Order", "namespace": "acme", "fields": [{"name": "id", "type": "long"}]}""";

    private readonly TempDirectory _home = new();
    private RunningStack _stack = null!;

    public async Task InitializeAsync()
    {
        _stack = await RunningStack.StartAsync();
        await _stack.CreateAsync("orders");
        await _stack.CreateAsync("order.events");
        await _stack.CreateAsync("payments");
        await _stack.RegisterAsync("orders-value", Order);
        (await _stack.RunAsync("groups", "reset", "billing", "--create", "--topic", "orders", "--to-latest", "--yes")).ExitCode.ShouldBe(0);
        var profiles = Directory.CreateDirectory(Path.Combine(_home.Path, "profiles")).FullName;
        await File.WriteAllTextAsync(
            Path.Combine(profiles, "here.properties"), $"bootstrap.servers={_stack.Broker.BootstrapServers}\nschema.registry.url={_stack.Registry.Api.Name}\n");
        await File.WriteAllTextAsync(Path.Combine(profiles, "current"), "here\n");
    }

    public async Task DisposeAsync()
    {
        await _stack.DisposeAsync();
        _home.Dispose();
    }

    [Theory]
    [InlineData("schemastream top", "topics")]
    [InlineData("schemastream kafka-top", "kafka-topics")]
    [InlineData("schemastream topics de", "delete describe")]
    [InlineData("schemastream topics describe ord", "order.events orders")]
    [InlineData("schemastream topics delete orders pay", "payments")]
    [InlineData("schemastream topics describe --output json ord", "order.events orders")]
    [InlineData("schemastream topics describe --prof", "--profile")]
    [InlineData("schemastream topics describe --profile ", "here")]
    [InlineData("schemastream topics describe --profile=h", "--profile=here")]
    [InlineData("schemastream topics describe --output j", "json")]
    [InlineData("schemastream groups describe ", "billing")]
    [InlineData("schemastream groups reset billing --topic pay", "payments")]
    [InlineData("schemastream schemas show orders", "orders-value")]
    [InlineData("schemastream consume pay", "payments")]
    [InlineData("schemastream kafka-consumer-groups --group ", "billing")]
    [InlineData("schemastream kafka-console-consumer --topic 'pay", "payments")]
    [InlineData("schemastream completion z", "zsh")]
    [InlineData("schemastream explain SS400", "SS4001 SS4002 SS4003 SS4004 SS4005 SS4006")]
    [InlineData("schemastream topics describe nothing", "")]
    [InlineData("schemastream nonsense x", "")]
    public async Task Complete_OffersWhatBeginsSo(string line, string expected)
    {
        var run = await CompleteAsync("--line", line);

        run.ExitCode.ShouldBe(0);
        run.Errors.ShouldBeEmpty();
        run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        (await CompleteAsync(["--output", "json", "--", .. TypedLine.Split(line)])).Result("complete").GetProperty("candidates").GetArrayLength()
            .ShouldBe(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task Complete_WhereNobodyAnswers_IsSilent()
    {
        foreach (var line in new[] { "groups describe --bootstrap-server 127.0.0.1:1 ", "schemas show --registry http://127.0.0.1:1 ", "topics describe --profile gone " })
        {
            (await CompleteAsync("--line", "schemastream " + line)).ShouldBe(new CommandRun(0, "", ""), line);
        }
    }

    [Fact]
    public async Task Completion_OfAShellThatThereIsNot_IsNotUnderstood()
    {
        (await CommandRun.OfAsync("completion", "tcsh")).ExitCode.ShouldBe(2);
        foreach (var shell in CompletionScripts.Shells)
        {
            (await CommandRun.OfAsync("completion", shell, "--output", "json")).Result("completion").GetProperty("script").GetString()!.ShouldContain("schemastream complete");
        }
    }

    [Theory]
    [InlineData("schemastream topics describe ord", "order.events orders")]
    [InlineData("schemastream topics describe --profile=h", "here")]
    [InlineData("schemastream explain SS4001", "SS4001")]
    public async Task Bash_ShowsThem(string line, string expected) => (await ShellAsync(
        "bash",
        "--norc",
        $$"""
        source <(schemastream completion bash)
        COMP_LINE='{{line}}'; COMP_POINT=${#COMP_LINE}
        _schemastream
        printf '%s\n' "${COMPREPLY[@]}"
        """)).ShouldBe(expected.Split(' '));

    [Fact]
    public async Task Zsh_ShowsThem() => (await ShellAsync(
        "zsh",
        "-f",
        """
        source <(schemastream completion zsh)
        compadd() { shift; print -l -- "$@" }
        words=(schemastream topics describe ord); CURRENT=4
        _schemastream
        """)).ShouldBe(["order.events", "orders"]);

    [Fact]
    public async Task Fish_ShowsThem() => (await ShellAsync(
        "fish",
        "--no-config",
        """
        schemastream completion fish | source
        complete -C 'schemastream topics describe ord'
        """)).ShouldBe(["order.events", "orders"]);

    /// <summary>There is no PowerShell here: what it would run is taken out of the script, and run with what PowerShell hands over.</summary>
    [Fact]
    public async Task PowerShell_AsksWithALineThatTheProgramUnderstands()
    {
        var script = (await CommandRun.OfAsync("completion", "powershell")).Output;

        // As Register-ArgumentCompleter of a native command has it: these three parameters, and a result for each line.
        script.ShouldContain("Register-ArgumentCompleter -Native -CommandName schemastream -ScriptBlock {");
        script.ShouldContain("param($wordToComplete, $commandAst, $cursorPosition)");
        script.ShouldContain("[System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)");
        foreach (var (open, close) in new[] { ('{', '}'), ('(', ')'), ('[', ']') })
        {
            script.Count(letter => letter == open).ShouldBe(script.Count(letter => letter == close), $"{open} {close}");
        }

        // The syntax tree's text has no blank at its end; the script fills it up to the cursor, and cuts what is behind that.
        var called = script.Split('\n').Single(line => line.Contains("complete --line", StringComparison.Ordinal)).Trim();
        called.ShouldStartWith("schemastream complete --line $line 2>$null | ForEach-Object {");
        foreach (var (text, cursor, expected) in new[]
        {
            ("schemastream topics describe ord", 32, "order.events orders"),
            ("schemastream completion", 24, "bash fish powershell zsh"),
            ("schemastream topics de orders", 22, "delete describe"),
        })
        {
            var line = text.PadRight(cursor)[..cursor];
            var words = called[..called.IndexOf(" 2>", StringComparison.Ordinal)].Split(' ').Skip(1).Select(word => word == "$line" ? line : word);
            var run = await CompleteAsync([.. words.Skip(1)]);
            run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(expected.Split(' '), line);
        }
    }

    private Task<CommandRun> CompleteAsync(params string[] args) => CommandRun.AtAsync(
        "", isTerminal: false, name => name == "SCHEMASTREAM_CONFIG_HOME" ? _home.Path : null, ["complete", .. args]);

    private async Task<string[]> ShellAsync(string shell, string withoutFiles, string script)
    {
        var start = new ProcessStartInfo(shell) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(withoutFiles);
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(script);
        start.Environment["PATH"] = $"{ProgramProcess.ProgramDirectory}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["SCHEMASTREAM_CONFIG_HOME"] = _home.Path;
        start.Environment["HOME"] = _home.Path;
        using var process = Process.Start(start).ShouldNotBeNull();
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(TestTime.Limit);
        await process.WaitForExitAsync().WaitAsync(TestTime.Limit);
        (await errors).ShouldBeEmpty();
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
