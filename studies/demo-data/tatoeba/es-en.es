El marinero viejo encuentra la carretera.
¿Encuentra el niño la carta?
Ella espera porque el mercado es blanco.
Cuatro niños ven la carta.
La maestra nueva encuentra el mapa.
Jonas trabaja para Nordlicht en Atenas.
Dos granjeros venden el árbol.
¿Dibuja la doctora el árbol?
Ella lee porque la casa es blanca.
Peter espera hoy en Ginebra.
Ella canta porque la escuela es tranquila.
Siete maestras pintan la mesa.
El niño trabaja y el granjero lee aquí.
Jonas no limpia el puerto.
La doctora roja vende el puerto.
Ana describe el mercado tranquilo.
Jonas trabaja para Aldora en Ginebra.
Ella espera porque el árbol es rojo.
Ana no limpia la mesa.
La vecina tranquila visita la carta.
Ana trabaja para Aldora en Atenas.
El marinero duerme y el granjero espera hoy.
Ella espera porque la carta es roja.
Peter no encuentra la carta.
Clara no describe la escuela.
Ella canta porque el mapa es viejo.
Ella espera porque el mercado es viejo.
Jonas trabaja para Aldora en Praga.
¿Dibuja el granjero el río?
Peter trabaja para Veleta en Viena.
Sofia ve el jardín tranquilo.
Siete granjeros limpian la ventana.
La maestra canta y el niño trabaja siempre.
Siete maestras visitan el jardín.
Jonas trabaja hoy en Lisboa.
Clara pinta el árbol blanco.
Cuatro maestras pintan la carta.
Sofia no describe el puente.
¿Visita la vecina la lámpara?
Ella espera porque la carretera es blanca.
Ana no pinta el jardín.
Ana no vende el árbol.
Tres maestras describen el barco.
La doctora canta y la vecina lee siempre.
El niño duerme y el granjero lee hoy.
Clara no pinta la carta.
Ana no visita el árbol.
Marta visita el libro viejo.
¿Vende la maestra el jardín?
Ana pinta la escuela blanca.
