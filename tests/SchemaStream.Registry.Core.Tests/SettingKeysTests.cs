namespace SchemaStream.Registry.Core.Tests;

public sealed class SettingKeysTests
{
    [Fact]
    public void With_KnownKeys_ChangesWhatTheyName()
    {
        var settings = new RegistrySettings();
        settings = settings.With("schema.compatibility.level", "full_transitive").ShouldBeOk();
        settings = settings.With("contracts.implicit", "record").ShouldBeOk();
        settings = settings.With("mode.mutability", "false").ShouldBeOk();

        settings.ShouldBe(new RegistrySettings
        {
            DefaultCompatibility = CompatibilityLevel.FullTransitive,
            ImplicitContracts = ImplicitContracts.Record,
            ModeMutability = ModeMutability.Immutable,
        });
    }

    [Theory]
    [InlineData("contracts.implicit", "perhaps", "enforce, record, off")]
    [InlineData("schema.compatibility.level", "", "BACKWARD")]
    [InlineData("mode.mutability", "2", "true, false")]
    [InlineData("colour", "red", "contracts.implicit")]
    public void With_BadKeyOrValue_SaysWhatWouldDo(string key, string value, string hint) =>
        new RegistrySettings().With(key, value).ShouldBeRefused().Message.ShouldContain(hint);
}
