namespace SchemaStream.Cli.Registries.Copying;

/// <summary>Puts versions after those that they reference, in levels: within one, none references another.</summary>
internal static class ReferenceOrder
{
    /// <exception cref="RegistryCopyException">Some reference each other in a circle.</exception>
    public static IReadOnlyList<IReadOnlyList<SchemaVersionEntry>> Levels(IEnumerable<SchemaVersionEntry> schemas)
    {
        var rest = schemas.OrderBy(schema => schema.Id).ThenBy(schema => schema.Subject, StringComparer.Ordinal).ThenBy(schema => schema.Version).ToList();
        var waiting = rest.Select(schema => schema.Key).ToHashSet();
        var levels = new List<IReadOnlyList<SchemaVersionEntry>>();
        while (rest.Count > 0)
        {
            var level = rest.Where(schema => !schema.References.Any(waiting.Contains)).ToList();
            if (level.Count == 0)
            {
                throw new RegistryCopyException(
                    $"{rest.Count} schemas reference each other in a circle, '{rest[0].Subject}' version {rest[0].Version} among them.");
            }

            waiting.ExceptWith(level.Select(schema => schema.Key));
            rest.RemoveAll(schema => !waiting.Contains(schema.Key));
            levels.Add(level);
        }

        return levels;
    }
}
