using SchemaStream.Cli.Registries;
using SchemaStream.Cli.Registries.Copying;

namespace SchemaStream.Cli.Tests.Registries;

/// <summary>Moving from a registry that is not ours.</summary>
public sealed class OldRegistryTests
{
    [Fact]
    public async Task AnOlderConfluentRegistry_MovesWithItsIds()
    {
        using var old = new OldRegistry();
        await using var target = await RunningRegistry.StartAsync();
        using var source = new RegistryApi(old.Address, CopyOptions.Credentials(OldRegistry.Credentials, null), TimeProvider.System);

        (await target.ImportAsync(await RegistrySource.ReadAsync(source, CancellationToken.None))).ShouldBe(3);

        var copy = await target.ReadAsync();
        copy.Schemas.Select(schema => (schema.Subject, schema.Version, schema.Id, schema.IsDeleted)).ShouldBe(
            [("a", 2, 40, true), ("a", 3, 90, false), ("b", 1, 7, false)]);
        ((string)copy.Configs["b"]["compatibilityLevel"]!).ShouldBe("FORWARD");
        copy.Modes[""].ShouldBe("READWRITE");
    }

    [Fact]
    public async Task WrongCredentials_AreTold()
    {
        using var old = new OldRegistry();
        using var source = new RegistryApi(old.Address, CopyOptions.Credentials("reader:wrong", null), TimeProvider.System);

        (await Should.ThrowAsync<RegistryCopyException>(() => RegistrySource.ReadAsync(source, CancellationToken.None)))
            .Message.ShouldContain("401");
    }

    [Fact]
    public async Task NobodyThere_IsTold()
    {
        using var old = new OldRegistry();
        using var source = new RegistryApi(old.Address, null, TimeProvider.System);
        old.Dispose();

        (await Should.ThrowAsync<RegistryCopyException>(() => RegistrySource.ReadAsync(source, CancellationToken.None)))
            .Message.ShouldContain("cannot be reached");
    }
}
