using SchemaStream.Cli.Kafka.Options;

namespace SchemaStream.Cli.Kafka;

/// <summary>One of Kafka's command-line tools: same options, same output.</summary>
internal interface IKafkaTool
{
    /// <summary>Its name, such as <c>kafka-topics</c>.</summary>
    string Name { get; }

    /// <summary>Its options.</summary>
    ToolSyntax Syntax { get; }

    /// <summary>Does what the arguments say; returns the exit code.</summary>
    /// <exception cref="ToolUsageException">The arguments do not fit together.</exception>
    /// <exception cref="ToolFailedException">It could not be done.</exception>
    Task<int> RunAsync(ToolArguments arguments, ToolConsole console, CancellationToken cancellationToken);
}
