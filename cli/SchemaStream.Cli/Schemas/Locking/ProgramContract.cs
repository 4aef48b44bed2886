using SchemaStream.Analyzers.Locks;
using SchemaStream.Json;

namespace SchemaStream.Cli.Schemas.Locking;

/// <summary>A contract as a program has it now.</summary>
/// <param name="Entry">As the lock file says it.</param>
/// <param name="Type">The C# type.</param>
/// <param name="Json">How its JSON is written; null where it is not JSON, or as it is by default.</param>
internal sealed record ProgramContract(LockEntry Entry, Type Type, JsonFormatOptions? Json = null);
