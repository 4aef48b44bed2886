namespace SchemaStream.Cli.Kafka.Options;

/// <summary>
/// The options of one of Kafka's tools, in the syntax that those share: <c>--name value</c>, <c>--name=value</c>, one dash in
/// the place of two, any beginning of a name that no other name has, and every option as often as one likes.
/// </summary>
/// <remarks>
/// Not System.CommandLine, which the rest of the program uses: command lines that were written for Kafka have to be taken as
/// they stand, mistakes have to be told as Kafka tells them.
/// </remarks>
internal sealed class ToolSyntax(string tool, string purpose)
{
    private readonly List<ToolOption> _options = [new("help", "Print usage information.", null), new("version", "Display version.", null)];
    private readonly List<ToolCommand> _commands = [];

    /// <summary>What the tool is for.</summary>
    public string Purpose { get; } = purpose;

    /// <summary>All options, in the order in which they were added.</summary>
    public IReadOnlyList<ToolOption> Options => _options;

    /// <summary>Adds an option without a value.</summary>
    public ToolSyntax Flag(string name, string help) => Add(new ToolOption(name, help, null));

    /// <summary>Adds an option with a value.</summary>
    public ToolSyntax Value(string name, string argument, string help) => Add(new ToolOption(name, help, argument));

    /// <summary>Adds an option that has a value or stands alone.</summary>
    public ToolSyntax OptionalValue(string name, string argument, string help) =>
        Add(new ToolOption(name, help, argument) { IsValueOptional = true });

    /// <summary>Adds an option with one value or several, one behind the other.</summary>
    public ToolSyntax Values(string name, string argument, string help) =>
        Add(new ToolOption(name, help, argument) { HasSeveralValues = true });

    /// <summary>Adds a command of the tool: a word without dashes, with options of its own behind it.</summary>
    public ToolSyntax Command(string name, string help, Func<ToolSyntax, ToolSyntax>? options = null)
    {
        var own = new ToolSyntax($"{tool} {name}", help);
        own._options.Clear();
        options?.Invoke(own);
        _commands.Add(new ToolCommand(name, help, own._options));
        return this;
    }

    /// <exception cref="ToolUsageException">The command line does not follow the syntax.</exception>
    public ToolArguments Parse(IReadOnlyList<string> arguments)
    {
        var given = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        var names = new List<string>();
        ToolCommand? command = null;
        for (var i = 0; i < arguments.Count; i++)
        {
            if (_commands.Count > 0 && command is null && !arguments[i].StartsWith('-'))
            {
                command = FindCommand(arguments[i]);
                continue;
            }

            var (name, value) = Split(arguments[i]);
            var option = Find(name, command);
            names.Add(option.Name);
            if (!given.TryGetValue(option.Name, out var values))
            {
                given.Add(option.Name, values = []);
            }

            if (option.Argument is null)
            {
                continue;
            }

            if (value is null && option.IsValueOptional && (i + 1 == arguments.Count || arguments[i + 1].StartsWith('-')))
            {
                continue;
            }

            value ??= ++i < arguments.Count
                ? arguments[i]
                : throw new ToolUsageException($"Option {name} requires an argument") { ShowsUsage = true };
            values.Add(value);
            while (option.HasSeveralValues && i + 1 < arguments.Count && !arguments[i + 1].StartsWith('-'))
            {
                values.Add(arguments[++i]);
            }
        }

        return new ToolArguments(given, names, command?.Name);
    }

    public void WriteUsage(TextWriter output)
    {
        output.WriteLine(_commands.Count == 0 ? $"Usage: {tool} [options]" : $"Usage: {tool} [options] COMMAND [options of the command]");
        output.WriteLine();
        Write(output, _options);
        foreach (var command in _commands)
        {
            output.WriteLine();
            output.WriteLine($"{command.Name}: {command.Help}");
            Write(output, command.Options);
        }
    }

    private static void Write(TextWriter output, List<ToolOption> options)
    {
        if (options.Count == 0)
        {
            return;
        }

        var shown = options.OrderBy(option => option.Name, StringComparer.Ordinal)
            .Select(option => (Left: option.Argument is { } argument
                ? option.IsValueOptional ? $"--{option.Name} [{argument}]" : $"--{option.Name} <{argument}>"
                : $"--{option.Name}", option.Help))
            .ToList();
        var width = Math.Min(42, shown.Max(option => option.Left.Length));
        foreach (var (left, help) in shown)
        {
            output.WriteLine(left.Length > width ? $"  {left}\n  {new string(' ', width)}  {help}" : $"  {left.PadRight(width)}  {help}");
        }
    }

    private ToolSyntax Add(ToolOption option)
    {
        _options.Add(option);
        return this;
    }

    private static (string Name, string? Value) Split(string argument)
    {
        var dashes = argument.StartsWith("--", StringComparison.Ordinal) ? 2 : argument.StartsWith('-') ? 1 : 0;
        if (dashes == 0 || argument.Length == dashes)
        {
            throw new ToolUsageException($"'{argument}' is not an option: options begin with --") { ShowsUsage = true };
        }

        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (argument[dashes..], null) : (argument[dashes..equals], argument[(equals + 1)..]);
    }

    private ToolCommand FindCommand(string name) => _commands.Find(command => command.Name == name)
        ?? throw new ToolUsageException(
            $"argument COMMAND: invalid choice: '{name}' (choose from {string.Join(", ", _commands.Select(command => $"'{command.Name}'"))})")
        {
            ShowsUsage = true,
        };

    /// <summary>A command's options come first; the tool's own may stand behind it, too.</summary>
    private ToolOption Find(string name, ToolCommand? command)
    {
        List<ToolOption> options = command is null ? _options : [.. command.Options, .. _options];
        if (options.Find(option => option.Name == name) is { } exact)
        {
            return exact;
        }

        var beginning = options.Where(option => option.Name.StartsWith(name, StringComparison.Ordinal)).ToList();
        return beginning switch
        {
            [var only] => only,
            [] => throw new ToolUsageException($"{name} is not a recognized option") { ShowsUsage = true },
            _ => throw new ToolUsageException(
                $"{name} is an ambiguous option: {string.Join(", ", beginning.Select(option => "--" + option.Name))}") { ShowsUsage = true },
        };
    }
}
