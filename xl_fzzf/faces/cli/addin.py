"""`fzzf addin`: build, install, remove, look at the Excel add-in, and make the launchers."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from xl_fzzf.faces.cli.terminal import FOUND

app = typer.Typer(
    name="addin",
    help="Excel 加载项（选项卡“法治政府”）和双击运行的“汇总”。",
    no_args_is_help=True,
)


@app.command(epilog="例：fzzf addin install")
def install(
    resident: Annotated[
        bool,
        typer.Option("--resident", help="Python 常驻：点按钮不再等它启动；升级后要重开 Excel"),
    ] = False,
) -> None:
    """把加载项装进 Excel(Windows);重复运行没有害处。"""
    from xl_fzzf.faces.excel.addin import install as addin

    profile = addin.read_profile(os.environ)
    addin.install(profile, sys.executable, sys.base_prefix, resident)
    typer.echo(f"已安装加载项：{profile.addin}")
    typer.echo(f"设置：{profile.settings}（Python：{sys.executable}）")
    typer.echo("下一步：重新打开 Excel，选项卡“法治政府”应出现在“视图”后面。")
    typer.echo(
        "看不到，或提示宏被阻止：文件 → 选项 → 信任中心 → 信任中心设置 → 受信任位置，"
        f"点“添加新位置”，填 {profile.addin.parent} ；不要勾选“禁用所有受信任位置”。"
        "由单位统一管理的电脑，请信息中心把这个文件夹加入受信任位置。"
    )


@app.command(epilog="例：fzzf addin remove")
def remove() -> None:
    """从 Excel 移除加载项和它的设置;台账和填报表不受影响。"""
    from xl_fzzf.faces.excel.addin import install as addin

    removed = addin.remove(addin.read_profile(os.environ))
    for path in removed:
        typer.echo(f"已删除：{path}")
    if not removed:
        typer.echo("没有安装加载项，不用移除。")


@app.command(epilog="例：fzzf addin status")
def status() -> None:
    """加载项装好了没有,哪里有问题。"""
    from xl_fzzf.faces.excel.addin.install import INTERPRETER, RESIDENT, read_profile

    profile = read_profile(os.environ)
    if not profile.addin.is_file():
        typer.echo(f"没有安装加载项（{profile.addin}）。请运行 fzzf addin install")
        raise typer.Exit(FOUND)
    typer.echo(f"加载项：{profile.addin}")
    settings, problems = profile.read_settings(), profile.problems()
    resident = settings.get(RESIDENT, "").lower() == "true"
    typer.echo(f"Python：{settings.get(INTERPRETER, '')}{'（常驻）' if resident else ''}")
    for problem in problems:
        typer.echo(f"有问题：{problem}")
    if problems:
        raise typer.Exit(FOUND)
    typer.echo("没有发现问题。")


@app.command(epilog="例：fzzf addin launcher 工作文件夹")
def launcher(
    folder: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="工作文件夹；不写就是当前文件夹")
    ] = Path(),
) -> None:
    """在工作文件夹里生成“汇总.bat”和“汇总.desktop”:双击就汇总并生成上报表(WPS 用户)。"""
    from xl_fzzf.desk.workspace import find_master
    from xl_fzzf.faces.excel.addin.launch import write_launchers

    find_master(None, folder)
    for path in write_launchers(folder, sys.executable):
        typer.echo(f"已生成：{path}")


@app.command(epilog="例：fzzf addin build")
def build(
    target: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="写到哪里；不写就是随程序发布的那一份")
    ] = None,
) -> None:
    """由 macros 文件夹的源码重新生成加载项(开发人员用,不需要 Excel)。"""
    from xl_fzzf.archive.storage import write_whole
    from xl_fzzf.faces.excel.addin.build import SHIPPED, build_addin

    path = target or SHIPPED
    write_whole(path, build_addin())
    typer.echo(f"已生成加载项：{path}")
