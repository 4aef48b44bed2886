using System.CommandLine;

namespace SchemaStream.Cli;

/// <summary>A command of the friendlier half: its mistakes are told in one form, and end with <see cref="ExitCodes.Usage"/>.</summary>
internal sealed class FriendlyCommand(string name, string description) : Command(name, description);
